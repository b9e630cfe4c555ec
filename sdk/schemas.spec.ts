import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { bothExamples, eventNames, example } from './event-examples.spec-kit.js';

const folder = join('sdk', 'schemas');
const written = new Map<string, object>(
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
);

const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const check = (name: string, event: unknown): string[] => {
  const valid = ajv.validate(written.get(`${name}.json`) ?? false, event);
  return valid ? [] : (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe('sdk/schemas', () => {
  it('are what the types say (else: node scripts/event-schemas.mjs)', async () => {
    const { eventSchemas } = await import(pathToFileURL(join('scripts', 'event-schemas.mjs')).href);
    expect(written).toEqual(eventSchemas());
  });

  it('has one for every event', () => {
    expect([...written.keys()].sort()).toEqual(eventNames.map((name) => `${name}.json`).sort());
  });

  it.each(eventNames)('%s: both examples are valid, and not without their version, nor under another type', (name) => {
    for (const event of bothExamples(name)) {
      expect(check(name, event)).toEqual([]);
      const { schemaVersion: _version, ...without } = event.data;
      expect(check(name, { ...event, data: without })).toEqual(["/data must have required property 'schemaVersion'"]);
      expect(check(name, { ...event, type: 'switchboard.v1.other' })).not.toEqual([]);
    }
  });

  it.each(eventNames)('%s: the second example is another one than the first', (name) => {
    const [usual, other] = bothExamples(name);
    expect(other?.data).not.toEqual(usual?.data);
    expect(other?.id).not.toBe(usual?.id);
  });

  it('lets fields through that are added later, and nothing else', () => {
    const event = example('session.ended');
    expect(check('session.ended', { ...event, data: { ...event.data, later: 1 } })).toEqual([]);
    expect(check('session.ended', { ...event, data: { ...event.data, endedAt: 'yesterday' } })).not.toEqual([]);
    expect(check('session.ended', { ...event, data: { ...event.data, handlerType: 'robot' } })).not.toEqual([]);
  });
});
