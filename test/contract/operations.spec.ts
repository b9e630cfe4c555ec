import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATIONS_PAGE, wireOperations, type WireOperation } from '../../src/wire/index.js';
import { bodyFields, type BodyField } from '../support/bodies.js';
import { CLIENTS, startContract, type Contract, type Version } from './kit.js';
import { operationsOfClient } from './operations/client-operations.js';
import { documentedFields, factsOperations } from './operations/facts.js';
import type { Ground } from './operations/ground.js';
import { CHANNELS, NOTES } from './operations/notes.js';
import { callEverything } from './operations/story.js';
import { countOf, isMissing, stateOf, succeeded, tableOf, type Finding } from './operations/table.js';
import { shapeOf, shapeOfOperation, witness, type Seen } from './operations/witness.js';

/**
 * `docs/operations-of-the-wire.md` says which operations of the wire are here, and how far. Its table is made from what
 * is seen here when every operation is called; the last test fails when it is stale, and writes it anew when run with
 * UPDATE_DOCS=1.
 */
let contract: Contract;
let ground: Ground;
let fields: readonly BodyField[] = [];
let seen: ReadonlyMap<string, Seen>;

beforeAll(async () => {
  contract = await startContract({
    prepare: (app) => {
      fields = bodyFields(app);
      seen = witness(app);
    },
  });
  ground = await callEverything(contract);
}, 60_000);
afterAll(() => contract?.close());

const seenOf = (operation: WireOperation): Seen =>
  seen.get(shapeOfOperation(operation)) ?? { statuses: new Set(), faults: [] };

/** Which types an operation takes: channels that are made here, and no answers to forms (`docs/wire.md` 6.6 and 7). */
const takes: Readonly<Record<string, (type: string) => boolean>> = {
  CreateIntegration: (type) => CHANNELS.includes(type),
  PostMessage: (type) => type !== 'formResponse',
};

/** The facts have them in schemas that answers share; by the words of the wire only answers, of us or to forms, have them. */
const ONLY_ANSWERED: readonly string[] = [
  'CreateIntegration status',
  'CreateIntegration webhooks.secret',
  ...['text', 'email', 'select'].map((answer) => `PostMessage content.fields.${answer}`),
];

/** Documented fields of its body that no class of bodies reads; what is in one that is not read goes without saying. */
function unreadOf(operation: WireOperation): readonly string[] {
  const shape = shapeOfOperation(operation);
  const known = fields.filter(({ route }) => shapeOf(...split(route)) === shape);
  const read = new Map(known.map(({ field, nested }) => [field, nested]));
  const { operationId } = operation;
  return documentedFields(operation, takes[operationId]).filter((field) => {
    const parent = field.split('.').slice(0, -1).join('.');
    const isKnown = read.has(field) || ONLY_ANSWERED.includes(`${operationId} ${field}`);
    return !isKnown && (parent === '' || read.get(parent) === true);
  });
}

function split(route: string): [string, string] {
  const [method = '', path = ''] = route.split(' ');
  return [method, path];
}

const notesOf = ({ operationId }: WireOperation) => NOTES.filter(({ operations }) => operations.includes(operationId));

const findings = (): Finding[] =>
  wireOperations.map((operation) => ({
    operation,
    seen: seenOf(operation),
    unread: succeeded(seenOf(operation)) ? unreadOf(operation) : [],
    missing: notesOf(operation).map(({ missing }) => missing),
  }));

describe('the operations of the wire', () => {
  it('are in our list as the facts have them', () => {
    const ours = wireOperations.map(({ operationId, method, path }) => ({ operationId, method, path }));
    expect(ours).toEqual(expect.arrayContaining([...factsOperations]));
    expect(new Set(wireOperations.map(shapeOfOperation)).size).toBe(wireOperations.length);
  });

  it.each(Object.keys(CLIENTS) as Version[])(
    'are in our list as the official client %s calls them',
    async (version) => {
      const called = await operationsOfClient(version);
      expect(called.size).toBeGreaterThan(55);
      expect([...called].filter((shape) => !wireOperations.some((one) => shapeOfOperation(one) === shape))).toEqual([]);
    },
  );

  it('are each called here, and answer a success that is as the facts say, or 501, or a note says why not', () => {
    const wrong = wireOperations.flatMap((operation) => {
      const one = seenOf(operation);
      const isExcused = notesOf(operation).length > 0;
      const isWell = isMissing(one) || succeeded(one) || (one.statuses.size > 0 && isExcused);
      return isWell && one.faults.length === 0 ? [] : [[operation.operationId, [...one.statuses], one.faults]];
    });
    expect(wrong).toEqual([]);
  });

  it.each(NOTES)('it is still so that $missing', async ({ isMissing: stillMissing, operations }) => {
    const names = wireOperations.map(({ operationId }) => operationId);
    expect(names).toEqual(expect.arrayContaining([...operations]));
    const states = findings().filter(({ operation }) => operations.includes(operation.operationId));
    expect(states.map(stateOf)).toEqual(operations.map(() => 'partly'));
    expect(await stillMissing(ground)).toBe(true);
  });

  it(`are told in ${OPERATIONS_PAGE} as they are`, () => {
    const written = readFileSync(OPERATIONS_PAGE, 'utf8');
    const current = withTable(written, `${countOf(findings())}\n\n${tableOf(findings())}`);
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(OPERATIONS_PAGE, current);
    else expect(written).toBe(current);
  });
});

function withTable(page: string, table: string): string {
  const [begin, end] = ['<!-- operations -->', '<!-- /operations -->'];
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${OPERATIONS_PAGE} has no place for the table`);
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}
