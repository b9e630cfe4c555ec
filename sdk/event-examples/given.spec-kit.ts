import type { Announced, By, EndedBy, EventName, Load, SwitchboardEvents } from '../index.js';

/** Two of each event: what is usual, and what a consumer easily forgets. */
export type Two<Data> = readonly [usual: Data, other: Data];

/** The examples of all events of some nouns: the compiler names an event that has none. */
export type ExamplesOf<Noun extends string> = {
  readonly [Name in Extract<EventName, `${Noun}.${string}`>]: Two<SwitchboardEvents[Name]>;
};

/** A conversation in the shop: Ann writes, a bot answers, a desk takes over. */
export const appId = '64f0c0000000000000000001';
export const conversationId = '64f0c0000000000000000002';
export const faq = '64f0c0000000000000000003';
export const desk = '64f0c0000000000000000004';
export const ann = '64f0c0000000000000000005';
export const bob = '64f0c000000000000000000b';
export const sessionId = '64f0c0000000000000000006';
export const messageId = '64f0c0000000000000000007';
export const survey = '64f0c0000000000000000009';

export const at = '2026-03-01T10:00:00.120Z';
export const minutesLater = (minutes: number): string => new Date(Date.parse(at) + minutes * 60_000).toISOString();

/** Where the conversation was: its `seq`, and how often control had changed hands. */
export const said = (seq: number, controlEpoch = 1): Announced => ({
  schemaVersion: 1,
  appId,
  conversationId,
  seq,
  controlEpoch,
});

export const byApp: By = { type: 'app', id: 'app_64f0c0000000000000000008' };
export const byAnn: By = { type: 'user', id: ann };
export const byFaq: By = { type: 'integration', id: faq };
export const byDesk: By = { type: 'integration', id: desk };
/** An agent of the workspace. */
export const kim = '64f0c000000000000000000d';
export const queueId = '64f0c0000000000000000012';
export const workItemId = '64f0c0000000000000000010';
export const byKim: By = { type: 'agent', id: kim };
export const bySystem: By = { type: 'system', id: null };

export const endedByAnn: EndedBy = { type: 'end_user', id: ann, via: 'widget' };
export const endedByDesk: EndedBy = { type: 'agent', id: desk, via: 'window' };
export const endedByKim: EndedBy = { type: 'agent', id: kim, via: 'window' };

/** Two of an agent's capacity, and none while the session is inactive. */
export const load: Load = {
  model: 'status_based',
  weight: 2,
  percent: null,
  pausedWeight: 0,
  interruptible: false,
  bucket: 'messaging',
  countInactive: false,
  afterWork: null,
};
