import { describe, expect, it } from '@jest/globals';
import { after, idOf, linked, settledOf, webhookOf, type Story } from '../../../test/support/settled.js';
import type { Actor, ConversationEvent } from '../../conversation/index.js';
import { deliveriesOf } from './delivery.writer.js';
import { momentsOf } from './moments.js';
import { recipientsOf } from './recipients.js';

const bot = linked('bot', false);
const desk = linked('desk', false);
const watcher = linked('watcher', true);
const quiet = linked('quiet', false);
const links = [bot, desk, watcher, quiet];
const names = ['bot', 'desk', 'watcher', 'quiet', 'outsider'];
const webhooks = names.map((name) => webhookOf(name));

const by: Actor = { type: 'app', keyId: 'app_1' as never };
const started: ConversationEvent = { type: 'conversationStarted', channelId: null, by };
const assigned: ConversationEvent = { type: 'controlAssigned', to: bot.id, kind: 'bot', queued: false };
const spoken: ConversationEvent = { type: 'messageReceived', messageId: idOf('m'), userId: idOf('ana'), by };
const offered: ConversationEvent = {
  type: 'controlOffered',
  active: bot.id,
  to: desk.id,
  voided: null,
  expiresAt: null,
  metadata: null,
  fallback: null,
  byHolder: true,
  by,
};
const passed: ConversationEvent = {
  type: 'controlPassed',
  queued: false,
  from: bot.id,
  to: desk.id,
  kind: 'bot',
  voided: null,
  metadata: null,
  reason: null,
  cause: 'command',
  partingUntil: null,
  by,
};
const released: ConversationEvent = {
  type: 'controlReleased',
  from: bot.id,
  voided: desk.id,
  metadata: null,
  reason: null,
  cause: 'command',
  by,
};
const failed = (who: Actor): ConversationEvent => ({
  type: 'controlFailed',
  action: 'pass',
  code: 'switchboard_invalid_target',
  message: 'no',
  metadata: null,
  by: who,
});

/** Who hears of each event that has a trigger. */
function heard(story: Story): readonly (readonly [string, string])[] {
  const settled = settledOf({ links, webhooks, ...story });
  return momentsOf(settled).map((moment) => {
    const ids = new Set(recipientsOf(moment, settled.configuration).map(({ integrationId }) => integrationId));
    return [moment.trigger, names.filter((name) => ids.has(idOf(name))).join(' ')] as const;
  });
}

const held = after(started, assigned);
const pending = after(started, assigned, offered);
const unheld = after(started);
const everybody = names.join(' ');

describe('who hears of what', () => {
  it.each<[string, Story, readonly (readonly [string, string])[]]>([
    [
      'a new conversation: its default',
      { events: [started, assigned] },
      [['conversation:create', 'bot watcher outsider']],
    ],
    [
      'a message: the active one',
      { before: held, events: [spoken] },
      [['conversation:message', 'bot watcher outsider']],
    ],
    [
      'a message while an offer stands: the pending one too, with standby delivery off',
      { before: pending, events: [spoken] },
      [['conversation:message', 'bot desk watcher outsider']],
    ],
    [
      'a message that assigns the default on the way: the default',
      { before: unheld, events: [assigned, spoken] },
      [['conversation:message', 'bot watcher outsider']],
    ],
    [
      'E-9 nobody in control: who stands by, and who is not linked',
      { before: unheld, events: [spoken] },
      [['conversation:message', 'watcher outsider']],
    ],
    [
      'a pass: old and new',
      { before: held, events: [passed] },
      [['switchboard:passControl', 'bot desk watcher outsider']],
    ],
    [
      'a message behind a pass in one decision: the new one alone',
      { before: held, events: [passed, spoken] },
      [
        ['switchboard:passControl', 'bot desk watcher outsider'],
        ['conversation:message', 'desk watcher outsider'],
      ],
    ],
    [
      'an offer: both',
      { before: held, events: [offered] },
      [['switchboard:offerControl', 'bot desk watcher outsider']],
    ],
    [
      'E-9 a release: holder and pending, who have no position any more',
      { before: pending, events: [released] },
      [['switchboard:releaseControl', 'bot desk watcher outsider']],
    ],
    [
      'an offer that expired: the one invited',
      { before: pending, events: [{ type: 'offerExpired', pending: desk.id, offerSeq: 3 }] },
      [['switchboard:offerExpired', 'bot desk watcher outsider']],
    ],
    [
      'the end note behind a release: those who had a position',
      {
        before: pending,
        events: [released, { type: 'endNoteWritten', messageId: idOf('m'), sessionId: idOf('s'), end: {} as never }],
      },
      [
        ['switchboard:releaseControl', 'bot desk watcher outsider'],
        ['conversation:message', 'bot desk watcher outsider'],
      ],
    ],
    [
      'a failure: the invoker, whatever its position',
      {
        before: held,
        events: [failed({ type: 'integration', integrationId: idOf('quiet'), keyId: 'int_1' as never })],
      },
      [['switchboard:passControl:failure', 'bot watcher quiet outsider']],
    ],
    [
      'a failure of an app key: nobody besides',
      { before: held, events: [failed(by)] },
      [['switchboard:passControl:failure', 'bot watcher outsider']],
    ],
    ['default assignment alone: no webhook', { before: unheld, events: [assigned] }, []],
    [
      'a holder that was deleted: no webhook',
      { before: held, events: [{ type: 'holderRemoved', active: bot.id, pending: null }] },
      [],
    ],
    [
      'a switchboard that is off: everybody',
      { before: held, enabled: false, events: [spoken] },
      [['conversation:message', everybody]],
    ],
    [
      'no switchboard: everybody',
      { before: unheld, enabled: null, events: [spoken] },
      [['conversation:message', everybody]],
    ],
  ])('%s', (_, story, expected) => expect(heard(story)).toEqual(expected));

  it.each([
    [['conversation:message'], true],
    [['Conversation:Message'], false],
    [['conversation:create', 'switchboard:passControl'], false],
    [['*'], true],
    [[], false],
  ])('subscribed to %j: %s', (triggers, hears) => {
    const settled = settledOf({ links, before: held, events: [spoken], webhooks: [webhookOf('bot', triggers)] });
    expect(recipientsOf(momentsOf(settled)[0]!, settled.configuration)).toHaveLength(hears ? 1 : 0);
  });

  it('gives each recipient a row of its own, at the place of the event', () => {
    const message = { id: idOf('m'), author: { type: 'business' }, content: { type: 'text' }, source: { type: 'x' } };
    const rows = deliveriesOf(
      settledOf({
        links,
        webhooks,
        before: held,
        events: [passed, spoken],
        messages: [{ received: '', ...message } as never],
      }),
    );
    expect(rows.map(({ trigger }) => trigger.split(':')[1])).toEqual([
      ...Array<string>(4).fill('passControl'),
      ...Array<string>(3).fill('message'),
    ]);
    expect(rows.map(({ position }) => position)).toEqual([3, 3, 3, 3, 4, 4, 4]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(7);
    for (const { body, webhookId, eventId } of rows) {
      expect(JSON.parse(body)).toMatchObject({ webhook: { id: webhookId, version: 'v2' }, events: [{ id: eventId }] });
    }
  });
});
