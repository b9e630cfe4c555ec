import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from '@jest/globals';
import { bothExamples, eventNames } from './event-examples.spec-kit.js';
import { addressIn, subjectOf } from './index.js';

const text = readFileSync(join('sdk', 'asyncapi.json'), 'utf8');

describe('sdk/asyncapi.json', () => {
  it('is what the types and the examples say (else: node scripts/event-schemas.mjs)', async () => {
    const { asyncApi } = await import(pathToFileURL(join('scripts', 'asyncapi.mjs')).href);
    const { eventSchemas } = await import(pathToFileURL(join('scripts', 'event-schemas.mjs')).href);
    const examples = new Map(eventNames.map((name) => [name, bothExamples(name)]));
    expect(JSON.parse(text)).toEqual(asyncApi(eventSchemas(), examples));
  });

  it('has nothing that the official parser objects to', async () => {
    const { document, diagnostics } = await new Parser().parse(text);
    expect(diagnostics).toEqual([]);
    expect(document?.version()).toBe('3.1.0');
    expect(
      document
        ?.operations()
        .all()
        .map((operation) => `${operation.action()} ${operation.id()}: ${operation.messages().all().length}`)
        .sort(),
    ).toEqual(eventNames.map((name) => `receive ${name}: 1`).sort());
  });

  it('is no document to the parser with a reference that leads nowhere', async () => {
    const { diagnostics } = await new Parser().parse(text.replace('#/components/schemas/', '#/components/schemes/'));
    expect(diagnostics).not.toEqual([]);
  });

  it.each(eventNames)('%s: both examples lie where the channel says', async (name) => {
    const { channels, components } = JSON.parse(text);
    const { address, parameters } = channels[name];
    for (const event of bothExamples(name)) {
      const ids: Readonly<Record<string, unknown>> = { ...event.data };
      const filled = address.replaceAll(/\{(\w+)\}/g, (_: string, id: string) => String(ids[id]));
      expect(filled).toBe(subjectOf(name, ...addressIn(event.data)));
    }
    expect(Object.keys(parameters).map((id) => `{${id}}`)).toEqual(address.split('.').slice(4));
    expect(components.messages[name].examples).toHaveLength(2);
  });

  it('has no event that docs/events.md does not explain', () => {
    const explained = readFileSync(join('docs', 'events.md'), 'utf8');
    expect(eventNames.filter((name) => !explained.includes(`\`${name}\``))).toEqual([]);
  });
});
