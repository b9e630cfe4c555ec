import type { Announced, By, EventName, SwitchboardEvent, SwitchboardEvents } from './index.js';

const appId = '64f0c0000000000000000001';
const conversationId = '64f0c0000000000000000002';
const faq = '64f0c0000000000000000003';
const desk = '64f0c0000000000000000004';
const ann = '64f0c0000000000000000005';
const sessionId = '64f0c0000000000000000006';
const messageId = '64f0c0000000000000000007';
const at = '2026-03-01T10:00:00.120Z';

const common: Announced = { schemaVersion: 1, appId, conversationId, seq: 12, controlEpoch: 3 };
const by: By = { type: 'app', id: 'app_64f0c0000000000000000008' };
const byUser: By = { type: 'user', id: ann };
const endedBy = { type: 'end_user', id: ann, via: 'widget' } as const;

/** One of each: the types say they are right, the schemas must agree. */
const data: SwitchboardEvents = {
  'conversation.created': { ...common, by },
  'conversation.changed': { ...common, by },
  'conversation.read': { ...common, userId: null, by },
  'conversation.closed': common,
  'conversation.removed': { ...common, by },
  'participant.joined': { ...common, userId: ann, by },
  'participant.left': { ...common, userId: ann, by },
  'message.received': { ...common, messageId, userId: ann, by: byUser },
  'message.sent': { ...common, messageId, sender: faq, senderKind: 'bot', outOfTurn: false, by },
  'message.noted': { ...common, messageId, sessionId },
  'message.removed': { ...common, messageId: null, count: 3, by },
  'postback.received': { ...common, userId: ann, by: byUser },
  'control.assigned': { ...common, to: faq, kind: 'bot' },
  'control.passed': {
    ...common,
    from: faq,
    to: desk,
    kind: 'agent',
    voided: null,
    metadata: { ticket: 7, urgent: true },
    reason: 'ticketClosed',
    cause: 'command',
    by,
  },
  'control.offered': { ...common, active: faq, to: desk, voided: null, expiresAt: at, metadata: null, by },
  'control.accepted': { ...common, from: faq, to: desk, kind: 'agent', metadata: null, by },
  'control.declined': { ...common, pending: desk, metadata: null, by },
  'control.expired': { ...common, pending: desk, offerSeq: 9 },
  'control.released': {
    ...common,
    from: desk,
    voided: null,
    metadata: null,
    reason: null,
    cause: 'sessionEnd',
    by: { type: 'system', id: null },
  },
  'control.removed': { ...common, active: faq, pending: null },
  'control.failed': {
    ...common,
    action: 'pass',
    code: 'switchboard_invalid_target',
    message: 'No switchboard integration has the id, name or type "x".',
    metadata: null,
    by,
  },
  'session.started': { ...common, sessionId, userId: ann, holderKind: 'bot' },
  'session.end_requested': { ...common, sessionId, endedBy, endReason: 'end_user_ended', endRequestedAt: at },
  'session.ending': { ...common, sessionId, postEnd: { integrationId: faq, startedAt: at, deadline: null } },
  'session.ended': {
    ...common,
    sessionId,
    endUserId: ann,
    externalUserId: 'ann@example.org',
    locale: 'de',
    origin: 'inbound',
    endedBy,
    endReason: 'end_user_ended',
    startedAt: at,
    acceptedAt: null,
    endRequestedAt: at,
    endedAt: at,
    handlerType: 'bot',
    control: { activeAtEnd: faq, kindAtEnd: 'bot' },
    postEnd: { integrationId: desk, startedAt: at, finishedAt: at, forced: false, skipped: false },
    conversation: { open: true, endUserCanReply: false, reopenAllowed: false },
    csat: { eligible: true, suppressedBecause: null, alreadyRequested: false, channelHint: 'email' },
    metrics: { messages: { endUser: 2, bot: 1, agent: 0, other: 0 } },
    settingsSnapshot: {
      endSessionEnabled: true,
      agentsCanEnd: true,
      disableConversationReopen: true,
      onEnd: { endUser: 'release', agent: 'release', bot: 'pass:survey', system: 'release' },
    },
  },
};

let made = 0;

/** An event as it is published; the id is fresh unless given. */
export function example<N extends EventName>(
  name: N,
  change: Partial<SwitchboardEvents[N]> = {},
  id?: string,
): SwitchboardEvent<N> {
  const own = { ...data[name], ...change };
  return {
    specversion: '1.0',
    id: id ?? (0x64f0d0000000 + ++made).toString(16).padStart(24, '0'),
    source: `/apps/${own.appId}`,
    type: `switchboard.v1.${name}`,
    subject: own.conversationId,
    time: at,
    datacontenttype: 'application/json',
    data: own,
  } as unknown as SwitchboardEvent<N>;
}

export const eventNames = Object.keys(data) as readonly EventName[];
