import { describe, expect, it } from '@jest/globals';
import { Failure, type IntegrationId } from '../../kernel/index.js';
import { refuseWithoutEffect } from './unsupported.js';

const WEB = '66dd00000000000000000009' as IntegrationId;
const BOT = '66dd00000000000000000001' as IntegrationId;
const integrations = new Map([
  [WEB, { id: WEB, type: 'web', displayName: null }],
  [BOT, { id: BOT, type: 'custom', displayName: null }],
]);

const refusal = (asked: Parameters<typeof refuseWithoutEffect>[0]): string | null => {
  try {
    refuseWithoutEffect(asked, { integrations });
    return null;
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`;
    throw error;
  }
};

describe('a message that asks for what has no effect', () => {
  it.each([
    ['a silent message', { destination: { integrationType: 'none' } }, /^bad_request: destination.*shown to its end/],
    ['a channel that the app has not', { destination: { integrationType: 'whatsapp' } }, /^bad_request.*whatsapp$/],
    ['a channel of ours that the app has not', { destination: { integrationType: 'ios' } }, /^bad_request.*ios$/],
    ['a bot as destination', { destination: { integrationId: BOT } }, /^bad_request: destination.integrationId/],
    ["another app's integration", { destination: { integrationId: '66dd00000000000000000002' } }, /^integration_not/],
    ['a payload for another channel', { override: { whatsapp: { payload: {} } } }, /^bad_request: override/],
    ['a schema of another channel', { schema: 'whatsapp' }, /^bad_request: schema/],
  ])('is refused: %s', (_what, asked, title) => {
    expect(refusal(asked)).toMatch(title);
  });

  it.each([
    ['nothing more', {}],
    ['an override of nothing', { override: {} }],
    ['the web by id', { destination: { integrationId: WEB } }],
    ['the web by type', { destination: { integrationType: 'web' } }],
  ])('passes with %s', (_what, asked) => {
    expect(refusal(asked)).toBeNull();
  });
});
