import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Failure, type WebhookId } from '../../kernel/index.js';
import type { Delivery, LaneKey } from './delivery.store.js';
import { lanesLog } from './log.js';

type Line = Readonly<Record<string, unknown>>;

const lines: Line[] = [];
const write = (facts: Line, words: string): void => void lines.push({ ...facts, words });

const APP = 'a'.repeat(24);
const lane = (n: number): LaneKey => ({ partition: 1, webhookId: `w${n}` as WebhookId, lane: `conversation ${n}` });
const delivery = (id: string): Delivery => ({
  id,
  eventId: `event of ${id}`,
  trigger: 'conversation:message',
  body: `{"app":{"id":"${APP}"},"webhook":{},"events":[{"text":"what somebody wrote"}]}`,
  attempts: 5,
  waitMs: 0,
  sinceFirstMs: 0,
  ageMs: 0,
});

describe('what lanes tell in the log', () => {
  beforeEach(() => {
    Logger.overrideLogger({ warn: write, log: write, error: write });
    lines.length = 0;
  });

  it('dead letters: one line per webhook and reason, with its ids and nothing that somebody wrote; one when it is over', () => {
    const log = lanesLog();
    for (let n = 0; n < 100; n++) log.buried(lane(1), delivery(`d${n}`), 'exhausted: 503');
    log.buried(lane(2), delivery('other'), 'webhook deleted');
    log.delivered(lane(1));
    log.delivered(lane(1));
    expect(lines).toEqual([
      expect.objectContaining({ appId: APP, webhookId: 'w1', conversationId: 'conversation 1', deliveryId: 'd0' }),
      expect.objectContaining({ webhookId: 'w2', err: 'webhook deleted' }),
      expect.objectContaining({ webhookId: 'w1', failures: 100, words: 'a webhook takes deliveries again' }),
    ]);
    expect(JSON.stringify(lines)).not.toContain('somebody wrote');
  });

  it('a database that is away: one line for all webhooks; a webhook that cannot be read: one of its own', () => {
    const log = lanesLog();
    const away = new Failure('unavailable', 'The database cannot be reached.', { cause: new Error('refused') });
    for (let n = 0; n < 50; n++) log.failed(lane(n), away);
    log.failed(lane(3), new Error('a secret was sealed under another master key'));
    log.went(lane(1));
    expect(lines.map(({ webhookId, words }) => [webhookId, words])).toEqual([
      [undefined, 'deliveries cannot be read or sent; it is tried again'],
      ['w3', 'deliveries cannot be read or sent; it is tried again'],
      [undefined, 'deliveries are sent again'],
    ]);
  });
});
