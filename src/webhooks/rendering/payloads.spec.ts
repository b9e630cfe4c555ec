import { describe, expect, it } from '@jest/globals';
import { eventViolations, isKnownEvent } from '../../../test/support/facts.js';
import { after, ana, configurationOf, idOf, linked, settledOf, type Story } from '../../../test/support/settled.js';
import type { Actor, ConversationEvent, MessageBody } from '../../conversation/index.js';
import { momentsOf } from './moments.js';
import { envelope, readdressed, renderActivity, renderEvent, type Variant } from './payloads.js';

const bot = linked('bot');
const desk = linked('desk');
const links = [bot, desk];
const by: Actor = { type: 'app', keyId: 'app_1' as never };
const started: ConversationEvent = { type: 'conversationStarted', channelId: null, by };
const assigned: ConversationEvent = { type: 'controlAssigned', to: bot.id, kind: 'bot', queued: false };
const offered: ConversationEvent = {
  type: 'controlOffered',
  active: bot.id,
  to: desk.id,
  voided: null,
  expiresAt: null,
  metadata: { topic: 'refund' },
  fallback: null,
  byHolder: true,
  by,
};
const message: MessageBody = {
  id: idOf('m'),
  received: '2026-03-01T10:00:05.400Z',
  author: { type: 'user', userId: ana.id, displayName: 'Ana Lima' },
  content: { type: 'text', text: 'Where is my parcel?' },
  source: { type: 'web', client: { id: 'c' }, device: { id: 'd' } },
};
const spoken: ConversationEvent = { type: 'messageReceived', messageId: message.id, userId: ana.id, by };
const TRUNCATED: Variant = { includeFullUser: false, includeFullSource: false };
const FULL: Variant = { includeFullUser: true, includeFullSource: true };

/** Specs read payloads freely. */
// oxlint-disable-next-line typescript/no-explicit-any
type RenderedEvent = Record<string, any>;

function render(story: Story, variant = TRUNCATED): RenderedEvent[] {
  const settled = settledOf({ links, messages: [message], ...story });
  return momentsOf(settled).map((moment) => JSON.parse(renderEvent(settled, moment, variant)));
}

const four = ({ id, name, integrationId, integrationType }: typeof bot) => ({
  id,
  name,
  integrationId,
  integrationType,
});
const conversation = { id: idOf('conversation'), type: 'personal', metadata: { plan: 'gold' } };
const withBot = { ...conversation, activeSwitchboardIntegration: four(bot) };
const user = { id: ana.id, externalId: 'cust-17', authenticated: true };
const held = after(started, assigned);
const pending = after(started, assigned, offered);

describe('payloads', () => {
  it('a new conversation already shows its default responder', () => {
    expect(render({ events: [started, assigned] })).toEqual([
      {
        id: idOf('event-0'),
        type: 'conversation:create',
        createdAt: '2026-03-01T10:00:00.120Z',
        payload: { conversation: withBot, user, creationReason: 'none', source: { type: 'api:conversations' } },
        seq: 1,
        controlEpoch: 1,
      },
    ]);
  });

  it('a message carries its author, truncated', () => {
    const [event] = render({ before: held, events: [spoken] });
    expect(event).toMatchObject({ type: 'conversation:message', seq: 3, controlEpoch: 1 });
    expect(event!['payload']).toEqual({
      conversation: withBot,
      message: { ...message, author: { ...message.author, user }, source: { type: 'web' } },
    });
  });

  it('grows by the full user and the full source where they were asked for', () => {
    const payload = render({ before: held, events: [spoken] }, FULL)[0]!['payload'];
    const { signedUpAt, profile, metadata, identities } = ana;
    expect(payload.message.author.user).toEqual({ ...user, signedUpAt, profile, metadata, identities });
    expect(payload.message.source).toEqual(message.source);
  });

  it('a control event shows the holders after it, in four fields each', () => {
    const [event] = render({ before: held, events: [offered] });
    expect(event!['payload']).toEqual({
      conversation: { ...withBot, pendingSwitchboardIntegration: four(desk) },
      metadata: { topic: 'refund' },
    });
  });

  it('a pass shows the new holder and its epoch, metadata and reason', () => {
    const [event] = render({
      before: pending,
      events: [
        {
          type: 'controlPassed',
          queued: false,
          from: bot.id,
          to: desk.id,
          kind: 'bot',
          voided: null,
          metadata: { a: 1 },
          reason: 'ticketClosed',
          cause: 'command',
          partingUntil: null,
          by,
        },
      ],
    });
    expect(event).toMatchObject({ controlEpoch: 2, seq: 4 });
    expect(event!['payload']).toEqual({
      conversation: { ...conversation, activeSwitchboardIntegration: four(desk) },
      metadata: { a: 1 },
      reason: 'ticketClosed',
    });
  });

  it('an offer that is declined or expires names who had been invited', () => {
    const declined: ConversationEvent = { type: 'controlDeclined', pending: desk.id, metadata: null, by };
    const expired: ConversationEvent = { type: 'offerExpired', pending: desk.id, offerSeq: 3 };
    for (const event of [declined, expired]) {
      expect(render({ before: pending, events: [event] })[0]!['payload']).toEqual({
        conversation: withBot,
        switchboardIntegration: four(desk),
      });
    }
  });

  it('a button carries its payload and metadata', () => {
    const story: Story = { before: held, events: [{ type: 'postbackReceived', userId: ana.id, by }] };
    const settled = {
      ...settledOf({ links, ...story }),
      postback: { payload: 'HUMAN', metadata: { button: 2 }, source: { type: 'web' } },
    };
    expect(JSON.parse(renderEvent(settled, momentsOf(settled)[0]!, TRUNCATED)).payload).toEqual({
      conversation: withBot,
      postback: { payload: 'HUMAN', metadata: { button: 2 } },
      user,
      source: { type: 'web' },
    });
  });

  const failure = (action: 'pass' | 'offer' | 'accept'): ConversationEvent => ({
    type: 'controlFailed',
    action,
    code: 'switchboard_invalid_target',
    message: 'no',
    metadata: { a: 1 },
    by,
  });
  it.each<[string, Story]>([
    ['conversation:create', { events: [started, assigned] }],
    ['conversation:message', { before: held, events: [spoken] }],
    ['conversation:remove', { before: held, events: [{ type: 'conversationRemoved', by }] }],
    ['switchboard:offerControl', { before: held, events: [offered] }],
    ['switchboard:acceptControl', { before: pending, events: [accepted()] }],
    ['switchboard:releaseControl', { before: pending, events: [releasedBy()] }],
    ['switchboard:passControl:failure', { before: held, events: [failure('pass')] }],
    ['switchboard:offerControl:failure', { before: held, events: [failure('offer')] }],
    ['switchboard:acceptControl:failure', { before: held, events: [failure('accept')] }],
  ])('%s is as the public schema facts say, in every variant', (type, story) => {
    expect(isKnownEvent(type)).toBe(true);
    for (const variant of [TRUNCATED, FULL]) {
      const [event] = render(story, variant);
      expect(event!['type']).toBe(type);
      expect(eventViolations(event as { type: string })).toEqual([]);
    }
  });

  it.each(['typing:start', 'typing:stop', 'conversation:read'] as const)('%s is as the facts say', (activity) => {
    const signal = {
      ...settledOf({ links, events: [] }),
      configuration: configurationOf({ links }),
      state: held,
      at: 0,
      activity: { type: activity, author: { type: 'user' as const, userId: ana.id }, source: { type: 'web' } },
      user: ana,
    };
    const event = JSON.parse(renderActivity(idOf('e'), signal, TRUNCATED));
    expect(event.type).toBe(activity === 'conversation:read' ? 'conversation:read' : 'conversation:typing');
    expect(event.payload.activity).toMatchObject({ type: activity, author: { user } });
    expect(eventViolations(event)).toEqual([]);
  });

  it('the envelope holds exactly one event', () => {
    expect(JSON.parse(envelope(idOf('app'), idOf('hook'), '{"id":1}'))).toEqual({
      app: { id: idOf('app') },
      webhook: { id: idOf('hook'), version: 'v2' },
      events: [{ id: 1 }],
    });
  });
});

function accepted(): ConversationEvent {
  return {
    type: 'controlAccepted',
    queued: false,
    from: bot.id,
    to: desk.id,
    kind: 'agent',
    metadata: { agent: 'A-9' },
    partingUntil: null,
    by,
  };
}

function releasedBy(): ConversationEvent {
  return {
    type: 'controlReleased',
    from: bot.id,
    voided: desk.id,
    metadata: null,
    reason: 'ticketClosed',
    cause: 'command',
    by,
  };
}

describe('a body for another webhook', () => {
  const event = '{"id":"e","payload":{"text":"\\"webhook\\":{\\"id\\":\\"x\\u2028","n":1.0}}';
  const body = envelope(idOf('app'), idOf('one'), event);

  it('names that one, and is the same byte for byte', () => {
    expect(readdressed(body, idOf('two'))).toBe(envelope(idOf('app'), idOf('two'), event));
  });

  it('says the same where words were erased from it, which writes it anew', () => {
    const erased = '{"app": {"id": "a"}, "events": [{"id": "e"}], "webhook": {"id": "one", "version": "v2"}}';
    expect(JSON.parse(readdressed(erased, idOf('two')))).toEqual({
      app: { id: 'a' },
      events: [{ id: 'e' }],
      webhook: { id: idOf('two'), version: 'v2' },
    });
  });
});
