import type { Announced, Load, SwitchboardEvents } from '../index.js';
import { kim, load, minutesLater, queueId, said, sessionId, workItemId, type Two } from './given.spec-kit.js';

/** Until its tab is closed, which a percentage of the agent's capacity waits for. */
const untilClosed: Load = {
  ...load,
  model: 'tab_based',
  percent: 25,
  interruptible: true,
  afterWork: { seconds: 60, extensionSeconds: 30, mostExtensions: 2 },
};

type OfConversations = {
  [
    Name in keyof SwitchboardEvents as Name extends `work_item.${string}` | `ticket.${string}`
      ? SwitchboardEvents[Name] extends Announced
        ? Name
        : never
      : never
  ]: Two<SwitchboardEvents[Name]>;
};

/** Work as the conversation tells it; what the agent does alone is in `agent.spec-kit.ts`. */
export const workExamples: OfConversations = {
  'work_item.offered': [
    {
      ...said(11, 2),
      workItemId,
      sessionId,
      agentId: kim,
      queueId,
      expiresAt: minutesLater(3),
      transfer: false,
      load,
    },
    {
      ...said(15, 3),
      workItemId,
      sessionId,
      agentId: kim,
      queueId: null,
      expiresAt: null,
      transfer: true,
      load: untilClosed,
    },
  ],
  'work_item.declined': [
    { ...said(12, 2), workItemId, sessionId, agentId: kim, why: 'declined' },
    { ...said(16, 3), workItemId, sessionId, agentId: kim, why: 'timed_out' },
  ],
  'work_item.opened': [
    { ...said(12, 2), workItemId, sessionId, agentId: kim, queueId, how: 'accepted', load },
    { ...said(3, 0), workItemId, sessionId, agentId: kim, queueId: null, how: 'answered', load: untilClosed },
  ],
  'work_item.transferred': [
    { ...said(17, 4), workItemId, sessionId, agentId: kim },
    { ...said(30, 8), workItemId: '64f0c0000000000000000013', sessionId, agentId: kim },
  ],
  'work_item.idled': [
    { ...said(22, 5), workItemId, sessionId, agentId: kim, idle: true },
    { ...said(23, 5), workItemId, sessionId, agentId: kim, idle: false },
  ],
  'ticket.changed': [
    { ...said(23, 6), sessionId, ticketId: 'T-1042', status: 'solved' },
    { ...said(24, 6), sessionId, ticketId: 'T-1042', status: 'open' },
  ],
};
