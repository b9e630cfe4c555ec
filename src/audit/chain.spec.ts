import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { AppId } from '../kernel/index.js';
import { follow, hashOf, START, type AuditEntry, type ChainedEntry } from './chain.js';

const entry = (number: number, words: Partial<AuditEntry> = {}): AuditEntry => ({
  appId: 'a'.repeat(24) as AppId,
  number,
  id: number.toString(16).padStart(24, '0'),
  at: '2026-03-01T10:00:00.120Z',
  by: { type: 'app', keyId: 'app_1', agentId: null },
  requestId: null,
  action: 'app.update',
  subject: 'a'.repeat(24),
  before: { b: 1, a: 2 },
  after: null,
  ...words,
});

function chain(length: number): ChainedEntry[] {
  const made: ChainedEntry[] = [];
  for (let number = 1; number <= length; number++) {
    const one = entry(number);
    made.push({ ...one, hash: hashOf(made.at(-1)?.hash ?? START.hash, one) });
  }
  return made;
}

describe('the chain', () => {
  it('hashes the hash before and the canonical entry, as docs/audit.md says', () => {
    const text =
      '{"action":"app.update","after":null,"appId":"aaaaaaaaaaaaaaaaaaaaaaaa","at":"2026-03-01T10:00:00.120Z",' +
      '"before":{"a":2,"b":1},"by":{"agentId":null,"keyId":"app_1","type":"app"},"id":"000000000000000000000001","number":1,"requestId":null,' +
      '"subject":"aaaaaaaaaaaaaaaaaaaaaaaa"}';
    const expected = createHash('sha256')
      .update(Buffer.concat([Buffer.alloc(32), Buffer.from(text)]))
      .digest('hex');
    expect(hashOf(START.hash, entry(1)).toString('hex')).toBe(expected);
  });

  it('holds from the start, and from any entry on', () => {
    const entries = chain(5);
    expect(follow(START, entries)).toEqual({ to: entries[4], broken: null });
    expect(follow(entries[2]!, entries.slice(3))).toEqual({ to: entries[4], broken: null });
    expect(follow(START, [])).toEqual({ to: START, broken: null });
  });

  it.each<[string, Partial<AuditEntry>]>([
    ['the id', { id: 'b'.repeat(24) }],
    ['the time', { at: '2026-03-01T10:00:00.121Z' }],
    ['who', { by: { type: 'app', keyId: 'app_2', agentId: null } }],
    ['the agent', { by: { type: 'app', keyId: 'app_1', agentId: 'b'.repeat(24) } }],
    ['the kind of actor', { by: { type: 'account', keyId: 'app_1', agentId: null } }],
    ['the request', { requestId: 'r' }],
    ['the action', { action: 'app.delete' }],
    ['the subject', { subject: 'b' }],
    ['before', { before: { a: 2, b: 2 } }],
    ['after', { after: {} }],
    ['the app', { appId: 'b'.repeat(24) as AppId }],
  ])('breaks where %s was altered', (_, words) => {
    const entries = chain(5);
    entries[2] = { ...entries[2]!, ...words };
    expect(follow(START, entries)).toMatchObject({ to: { number: 2 }, broken: { number: 3, reason: 'altered' } });
  });

  it('breaks where an entry is missing, swapped, or was hashed anew alone', () => {
    const entries = chain(5);
    expect(follow(START, entries.toSpliced(2, 1)).broken).toEqual({ number: 3, reason: 'missing' });
    expect(follow(START, entries.toSpliced(2, 2, entries[3]!, entries[2]!)).broken?.number).toBe(3);
    const forged = entry(3, { subject: 'forged' });
    const anew = entries.with(2, { ...forged, hash: hashOf(entries[1]!.hash, forged) });
    expect(follow(START, anew).broken).toEqual({ number: 4, reason: 'altered' });
  });
});
