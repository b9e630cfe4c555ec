import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { signature, signatures } from './signature.js';

const hex = fc.stringMatching(/^[0-9a-f]{32}$/);
const now = () => Math.floor(Date.now() / 1000);
const headers = (id: string, timestamp: number, signed: string) => ({
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': signed,
});

describe('signature', () => {
  it('is what a receiver with the standardwebhooks library expects, given whsec_ and base64 of the secret', () => {
    fc.assert(
      fc.property(hex, hex, fc.string({ unit: 'binary', maxLength: 2_000 }), (secret, id, text) => {
        const body = JSON.stringify({ text });
        const at = now();
        const receiver = new Webhook(`whsec_${Buffer.from(secret).toString('base64')}`);
        expect(receiver.verify(body, headers(id, at, signature(secret, id, at, body)))).toEqual(JSON.parse(body));
      }),
      { numRuns: 500 },
    );
  });

  it('also with the secret itself in the raw format', () => {
    const secret = '0123456789abcdef0123456789abcdef';
    const at = now();
    const receiver = new Webhook(secret, { format: 'raw' });
    expect(() => receiver.verify('{}', headers('e', at, signature(secret, 'e', at, '{}')))).not.toThrow();
  });

  it.each(['id', 'timestamp', 'body', 'secret'])('does not verify with another %s', (part) => {
    const secret = 'a'.repeat(32);
    const at = now();
    const signed = signature(part === 'secret' ? 'b'.repeat(32) : secret, 'e', at, '{}');
    const receiver = new Webhook(secret, { format: 'raw' });
    const sent = headers(part === 'id' ? 'f' : 'e', part === 'timestamp' ? at - 1 : at, signed);
    expect(() => receiver.verify(part === 'body' ? '{ }' : '{}', sent)).toThrow('No matching signature');
  });

  it('verifies with each of several secrets, and with no other, while one replaces the other', () => {
    fc.assert(
      fc.property(fc.uniqueArray(hex, { minLength: 2, maxLength: 4 }), hex, ([stranger, ...secrets], id) => {
        const at = now();
        const sent = headers(id, at, signatures(secrets, id, at, '{}'));
        for (const secret of secrets) {
          expect(() => new Webhook(secret, { format: 'raw' }).verify('{}', sent)).not.toThrow();
        }
        expect(() => new Webhook(stranger!, { format: 'raw' }).verify('{}', sent)).toThrow('No matching signature');
      }),
      { numRuns: 100 },
    );
  });
});
