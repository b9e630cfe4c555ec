import { expect, it } from '@jest/globals';
import type { KeyCredential } from './key-ring.js';
import { credentialOf } from './claims.js';

const key = { scope: 'app', keyId: 'k1', appId: 'a1', grants: ['full'] } as unknown as KeyCredential;
const claimed = (claims: object) => credentialOf(key, { scope: 'user', ...claims });

it('names in a token are as long as in a body: an emoji is one character', () => {
  const [id, name] = ['😀'.repeat(1_024), '😀'.repeat(128)];
  expect(claimed({ external_id: id, name })).toMatchObject({ externalId: id, name });
  expect(claimed({ external_id: 'ann', name: `${name}x` })).toMatchObject({ externalId: 'ann', name: null });
  expect(claimed({ external_id: `${id}x` })).toBeNull();
});
