import { describe, expect, it } from '@jest/globals';
import type { AgentId, IntegrationId, KeyId, UserId } from '../../kernel/index.js';
import type { Actor } from '../core/index.js';
import { standingOf } from './standing.js';

const integration = (keyId: string): Actor => ({
  type: 'integration',
  integrationId: 'bot' as IntegrationId,
  keyId: keyId as KeyId,
});
const callers: readonly Actor[] = [
  { type: 'app', keyId: 'same' as KeyId },
  { type: 'app', keyId: 'other' as KeyId },
  { type: 'integration', integrationId: 'same' as IntegrationId, keyId: 'key' as KeyId },
  { type: 'user', userId: 'same' as UserId },
  { type: 'agent', agentId: 'same' as AgentId, keyId: 'key' as KeyId },
  { type: 'system' },
];

describe('the places of a command in the queue', () => {
  it('are those of who gives it: keys of the app, integrations, end users and agents are callers of their own', () => {
    expect(new Set(callers.map((by) => standingOf(by, 'sendMessage').caller)).size).toBe(callers.length);
  });

  it('are the same for every key of one integration', () => {
    const [one, other] = ['a', 'b'].map((keyId) => standingOf(integration(keyId), 'sendMessage').caller);
    expect(one).toBe(other);
  });

  it.each(['passControl', 'offerControl', 'acceptControl', 'declineControl', 'releaseControl', 'requestEnd'] as const)(
    '%s goes before what is said, whoever gives it',
    (type) => {
      for (const by of callers.slice(0, -1)) {
        expect(standingOf(by, type).urgency).toBe('control');
        expect(standingOf(by, 'sendMessage').urgency).toBe('usual');
      }
    },
  );

  it.each(['timerDue', 'expireOffer', 'expireEnding', 'failOver', 'failOffer', 'offerWork', 'requestEnd'] as const)(
    '%s of the platform goes first',
    (type) => expect(standingOf({ type: 'system' }, type)).toEqual({ caller: 'system', urgency: 'system' }),
  );

  it('are not those of the platform for who rates with the link of a survey', () => {
    const { caller, urgency } = standingOf({ type: 'system' }, 'answerSurvey');
    expect([caller === 'system', urgency]).toEqual([false, 'usual']);
  });
});
