import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SurveyId } from '../../kernel/index.js';
import { LinkSignature } from './link-signature.js';

const masterKey = randomBytes(32);
const links = new LinkSignature(masterKey);
const claim = { surveyId: '64f0c000000000000000000c' as SurveyId, expiresAt: 1_900_000_000_123 };

describe('links to surveys', () => {
  it('say what was signed', () => {
    expect(links.claimOf(links.tokenOf(claim))).toEqual(claim);
    expect(links.claimOf(links.tokenOf({ ...claim, expiresAt: 0 }))).toEqual({ ...claim, expiresAt: 0 });
    expect(encodeURIComponent(links.tokenOf(claim))).toBe(links.tokenOf(claim));
  });

  it('say nothing with any character changed, cut or added', () => {
    const token = links.tokenOf(claim);
    for (let at = 0; at < token.length; at++) {
      for (const other of ['0', 'a', '_', '-', 'Z']) {
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        // The last character of base64url carries bits that mean nothing.
        if (changed !== token && at < token.length - 1) expect(links.claimOf(changed)).toBeNull();
      }
      expect(links.claimOf(token.slice(0, at))).toBeNull();
    }
    expect(links.claimOf(`${token}A`)).toBeNull();
    expect(links.claimOf('')).toBeNull();
  });

  it('say nothing under another key, and not under the master key itself', () => {
    expect(new LinkSignature(randomBytes(32)).claimOf(links.tokenOf(claim))).toBeNull();
    expect(new LinkSignature(masterKey).claimOf(links.tokenOf(claim))).toEqual(claim);
  });
});
