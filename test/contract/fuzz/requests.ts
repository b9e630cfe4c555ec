import * as fc from 'fast-check';
import { paramsOf } from '../../support/routes.js';
import { fromSchema } from './bodies.js';
import { byteDamages, damaged, damagedBytes, damages } from './damage.js';
import type { Operation } from './operations.js';

/** A request as it will be sent, but for the ids that `@name` stands for. */
export interface Wild {
  readonly operation: Operation;
  readonly path: string;
  readonly body: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Who sends it: one of those who may, or nobody. */
  readonly by: 'nobody' | 'account' | 'app' | 'integration' | 'user' | 'agent';
}

/** As they stand in a path, percent-encoded or not. */
const oddSegments = [
  '0123456789abcdef01234567',
  '0123456789ABCDEF01234567',
  '0123456789abcdef0123456',
  '0123456789abcdef012345678',
  'me',
  'null',
  'undefined',
  '0',
  '-1',
  '..',
  '.',
  '%2e%2e',
  '%2F',
  '%252F',
  '%00',
  'a%00b',
  '%zz',
  '%',
  '%ED%A0%80',
  '%C0%AF',
  '%FF',
  '%F0%9F%98%80',
  "'",
  "'%20OR%201=1--",
  '%22',
  ';',
  '*',
  '__proto__',
  'constructor',
  '%0a',
  '%20',
  'x'.repeat(2_000),
  'x'.repeat(13_000),
  '%41'.repeat(1_500),
  '',
  ':appId',
  '{appId}',
  '%7BappId%7D',
  '[object%20Object]',
];

const oddQueries = [
  'page[size]=0',
  'page[size]=-1',
  'page[size]=101',
  'page[size]=1',
  'page[size]=1.5',
  'page[size]=1e2',
  'page[size]=abc',
  'page[size]=',
  'page[size]=5&page[size]=6',
  'page[after]=@messageId',
  'page[before]=@conversationId',
  'page[after]=@user&page[before]=@user',
  'page[after]=x',
  'page[after]=@user&page[after]=@user',
  'page[after]=000000000000000000000000',
  'page[before]=ffffffffffffffffffffffff',
  'page%5Bafter%5D=%20',
  'page[after]=%F0%9F%98%80',
  'page[after]=%ED%A0%80',
  'page[before]=%00',
  'page=%7B%22after%22%3A%22x%22%7D',
  'page={"size":{}}',
  'page=%7B',
  'page=null',
  'page=[]',
  'page={"__proto__":{"size":1}}',
  'page[__proto__]=1',
  '__proto__[a]=1',
  'constructor=1',
  'page[size][a]=1',
  'page[]=1',
  'page',
  'filter[userId]=@user',
  'filter[userExternalId]=@externalId',
  'filter[userId]=@user&filter[userExternalId]=@externalId',
  'filter[userId]=',
  'filter[userId]=x&filter[userId]=y',
  'filter=%7B%22userId%22%3A1%7D',
  'filter[userId]=%27',
  'filter[types]=custom,web',
  'filter[types]=,,,',
  'filter[types]=__proto__',
  'filter[identities.email]=a@b.c',
  'filter[identities.email]=%25',
  'filter[status]=ENDED',
  'filter[status]=toString',
  'filter[serviceAccountId]=x',
  'brandId=1',
  '&&&&',
  '=',
  '?',
  '%',
  '%zz=1',
  'a=%',
  `a=${'x'.repeat(9_000)}`,
  Array.from({ length: 1_500 }, (_, n) => `a${n}=1`).join('&'),
];

const oddHeaders: readonly Record<string, string>[] = [
  { 'idempotency-key': 'once' },
  { 'idempotency-key': '' },
  { 'idempotency-key': 'x'.repeat(256) },
  { 'idempotency-key': 'caf\u00e9' },
  { 'idempotency-key': 'a b' },
  { prefer: 'handling=strict' },
  { prefer: 'handling=lenient;;==,' },
  { accept: 'text/html' },
  { 'accept-encoding': 'gzip' },
  { 'x-http-method-override': 'DELETE' },
  { 'content-encoding': 'gzip' },
  { host: 'evil.example' },
  { host: '[' },
  { 'x-forwarded-for': "' OR 1=1" },
  { authorization: 'Basic' },
  { authorization: 'Basic ====' },
  { authorization: `Bearer ${'a.'.repeat(4_000)}` },
  { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
  { authorization: `Basic ${Buffer.from('act_\0:x').toString('base64')}` },
  { cookie: '__proto__=1' },
  { 'x-zendesk-marketplace-name': 'x' },
];

const contentTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json;',
  'application/',
  '*/*',
  'application/merge-patch+json',
  ' ',
  'x'.repeat(500),
];

const mostly = <T>(weight: number, often: fc.Arbitrary<T>, sometimes: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: often }, { weight: 1, arbitrary: sometimes });

/** Every operation as often as every other. */
export function requests(operations: readonly Operation[]): fc.Arbitrary<Wild> {
  return fc.oneof(...operations.map((operation) => requestOf(operation)));
}

function requestOf(operation: Operation): fc.Arbitrary<Wild> {
  return fc
    .record({
      operation: fc.constant(operation),
      path: pathOf(operation),
      body: bodyOf(operation),
      headers: mostly(8, fc.constant({}), fc.constantFrom(...oddHeaders)),
      type: mostly(15, fc.constant('application/json'), fc.constantFrom(...contentTypes)),
      by: mostly(20, fc.constantFrom<Wild['by']>(...operation.allow), fc.constant('nobody')),
    })
    .map(({ type, headers, body, ...rest }) => ({
      ...rest,
      body,
      headers: { ...(body !== null && { 'content-type': type }), ...headers },
    }));
}

function pathOf(operation: Operation): fc.Arbitrary<string> {
  const odd = fc.oneof(fc.constantFrom(...oddSegments), fc.constant('@otherAppId'), fc.constant('@user'));
  // What is there shall stay for the next requests, mostly.
  const kept = operation.method === 'DELETE' ? 1 : 12;
  const segments = Object.fromEntries(
    paramsOf(operation).map((name) => [name, mostly(name === 'appId' ? 25 : kept, fc.constant(`@${name}`), odd)]),
  );
  const prefix = mostly(6, fc.constant(''), fc.constantFrom('/sc', '/sc/sc', '/', '/v1'));
  const query = mostly(
    operation.method === 'GET' ? 1 : 12,
    fc.constant(''),
    fc.constantFrom(...oddQueries).map((text) => `?${text}`),
  );
  return fc
    .tuple(prefix, fc.record(segments), query, fc.constantFrom('', '', '', '', '', '', '/', '//'))
    .map(
      ([before, values, after, slash]) =>
        before + operation.path.replace(/:(\w+)/g, (_, name: string) => String(values[name])) + slash + after,
    );
}

function bodyOf({ body, method }: Operation): fc.Arbitrary<Buffer | null> {
  if (body === null)
    return mostly(
      method === 'GET' ? 40 : 6,
      fc.constant(null),
      fc.constantFrom('{}', 'null', '{"a":1}', '[').map((text) => Buffer.from(text)),
    );
  const json = fromSchema(body);
  const asIs = json.map((value) => Buffer.from(JSON.stringify(value)));
  const changed = fc
    .tuple(json, fc.array(damages, { minLength: 1, maxLength: 3 }))
    .map(([value, changes]) => Buffer.from(JSON.stringify(changes.reduce(damaged, value) ?? null)));
  const broken = fc
    .tuple(json, fc.constantFrom(...byteDamages))
    .map(([value, how]) => damagedBytes(JSON.stringify(value), how));
  return fc.oneof(
    { weight: 4, arbitrary: asIs },
    { weight: 6, arbitrary: changed },
    { weight: 2, arbitrary: broken },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}
