import * as fc from 'fast-check';

type Json = fc.JsonValue;

const deep = (levels: number): Json => {
  let value: Json = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

/** Values that have broken a server somewhere. */
const odd: readonly Json[] = [
  null,
  true,
  0,
  -1,
  -0,
  0.5,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 53 + 2,
  5e-324,
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\ufeff',
  '\u202e',
  '👩‍👩‍👧',
  'e\u0301'.repeat(200),
  'x'.repeat(5_000),
  '\n\r\t',
  'null',
  'NaN',
  '1e400',
  "' OR 1=1 --",
  '"; DROP TABLE app; --',
  '${7*7}',
  '../../etc/passwd',
  '<script>',
  '%00',
  '%s%n',
  '0000-00-00T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00.000Z',
  '2026-02-30T10:00:00Z',
  '2026-01-01T00:00:00+99:99',
  'http://',
  'javascript:alert(1)',
  'http://[::1',
  'http://user:pass@127.0.0.1:9/',
  `http://127.0.0.1:9/${'x'.repeat(3_000)}`,
  [],
  {},
  [[]],
  [null],
  [{}],
  { a: { b: 1 } },
  { constructor: { prototype: { polluted: true } } },
  { prototype: 1 },
  { toString: 1, valueOf: 2 },
  { length: 1e9 },
  { '': '' },
  { $ne: 1 },
  deep(40),
  Array.from({ length: 300 }, () => 'x'),
  Array.from({ length: 30 }, () => ({})),
];

const oddKeys = [
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  ' ',
  'id',
  'appId',
  'type',
  'a\u0000',
  '\ud800',
  '$ref',
  'x'.repeat(3_000),
];

/** One change to one place of a value; `at` picks the place. */
export type Damage =
  | { readonly do: 'replace' | 'insert'; readonly at: number; readonly value: Json; readonly key: string }
  | { readonly do: 'remove' | 'wrap' | 'repeat'; readonly at: number };

export const damages: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 5, arbitrary: placed('replace') },
  { weight: 2, arbitrary: placed('insert') },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('remove' as const, 'wrap' as const, 'repeat' as const),
      at: fc.nat(40),
    }),
  },
);

function placed(what: 'replace' | 'insert'): fc.Arbitrary<Damage> {
  return fc.record({
    do: fc.constant(what),
    at: fc.nat(40),
    value: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...odd) },
      { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
    ),
    key: fc.constantFrom(...oddKeys),
  });
}

/** A copy of the value with the change made at one of its places. */
export function damaged(value: Json, damage: Damage): Json {
  const copy = structuredClone({ root: value }) as { root: Json };
  const places: [Record<string, Json>, string][] = [];
  const walk = (holder: Record<string, Json>, key: string): void => {
    places.push([holder, key]);
    const inner = holder[key];
    if (typeof inner === 'object' && inner !== null)
      for (const one of Object.keys(inner)) walk(inner as Record<string, Json>, one);
  };
  walk(copy as unknown as Record<string, Json>, 'root');
  const [holder, key] = places[damage.at % places.length]!;
  change(holder, key, damage);
  return copy.root;
}

function change(holder: Record<string, Json>, key: string, damage: Damage): void {
  const here = holder[key]!;
  switch (damage.do) {
    case 'replace':
      holder[key] = damage.value;
      return;
    case 'insert':
      if (Array.isArray(here)) here.push(damage.value);
      else if (typeof here === 'object' && here !== null) here[damage.key] = damage.value;
      return;
    case 'remove':
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return;
    case 'wrap':
      holder[key] = [here];
      return;
    case 'repeat':
      holder[key] = Array.from({ length: 26 }, () => here);
  }
}

/** What is done to the bytes of a body before they are sent. */
export const byteDamages = [
  'truncated',
  'duplicate keys',
  'prototype key',
  'BOM',
  'not UTF-8',
  'too deep',
  'over 100 kB',
  'trailing garbage',
  'huge number',
  'NaN',
  'a scalar',
  'an array',
  'empty',
  'a lone surrogate',
  'single quotes',
  'many keys',
] as const;

export function damagedBytes(text: string, how: (typeof byteDamages)[number]): Buffer {
  const inside = (added: string): string =>
    text.startsWith('{') ? text.replace('{', text === '{}' ? `{${added}` : `{${added},`) : `{${added}}`;
  const results: Record<(typeof byteDamages)[number], () => string | Buffer> = {
    truncated: () => text.slice(0, Math.max(1, Math.floor(text.length / 2))),
    'duplicate keys': () => inside('"type":1,"type":{},"author":null,"author":[]'),
    'prototype key': () => inside('"__proto__":{"polluted":true}'),
    BOM: () => `\ufeff${text}`,
    'not UTF-8': () => Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from('"}')]),
    'too deep': () => inside(`"metadata":${'['.repeat(20_000)}${']'.repeat(20_000)}`),
    'over 100 kB': () => inside(`"padding":"${'x'.repeat(110_000)}"`),
    'trailing garbage': () => `${text} {}`,
    'huge number': () => inside(`"metadata":{"a":${'9'.repeat(400)}},"controlEpoch":1e400`),
    NaN: () => inside('"metadata":{"a":NaN}'),
    'a scalar': () => '42',
    'an array': () => `[${text}]`,
    empty: () => '',
    'a lone surrogate': () => inside('"displayName":"\\ud800"'),
    'single quotes': () => text.replaceAll('"', "'"),
    'many keys': () => inside(`"metadata":{${Array.from({ length: 4_000 }, (_, n) => `"k${n}":${n}`).join(',')}}`),
  };
  return Buffer.from(results[how]());
}
