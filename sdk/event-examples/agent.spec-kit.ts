import type { AgentAnnounced, SwitchboardEvents } from '../index.js';
import { appId, conversationId, minutesLater, sessionId, type Two } from './given.spec-kit.js';

const agentId = '64f0c000000000000000000d';
const workItemId = '64f0c0000000000000000010';
const work = { workItemId, sessionId, conversationId };

/** `causationId`: of the conversation's event that did it; `null`: the agent alone. */
const told = (agentSeq: number, causationId: string | null = '64f0c0000000000000000011'): AgentAnnounced => ({
  schemaVersion: 1,
  appId,
  agentId,
  agentSeq,
  causationId,
});

type OfAgents = {
  [Name in keyof SwitchboardEvents as SwitchboardEvents[Name] extends AgentAnnounced ? Name : never]: Two<
    SwitchboardEvents[Name]
  >;
};

/** All that is numbered by the agent. */
export const agentExamples: OfAgents = {
  'capacity.changed': [
    {
      ...told(7),
      capacity: { primary: { used: 2, limit: 4 }, interruptible: null, buckets: null },
      cause: 'offered',
    },
    // A session came back to who had it: above the limit, so nothing new is offered.
    {
      ...told(12),
      capacity: {
        primary: { used: 6, limit: 4 },
        interruptible: { used: 0, limit: 3 },
        buckets: { email: { used: 5, limit: 10 } },
      },
      cause: 'unpaused',
    },
  ],
  'work_item.paused': [
    { ...told(9), ...work },
    { ...told(15), ...work, workItemId: '64f0c0000000000000000012' },
  ],
  'work_item.unpaused': [
    { ...told(11), ...work },
    { ...told(17), ...work, workItemId: '64f0c0000000000000000012' },
  ],
  'work_item.closed': [
    { ...told(13, null), ...work, why: 'tab_closed' },
    // Never accepted: the agent went offline while it was offered.
    { ...told(14), ...work, why: 'unavailable' },
  ],
  'after_work.started': [
    { ...told(8), ...work, until: minutesLater(2) },
    { ...told(18), ...work, until: minutesLater(60) },
  ],
  'after_work.moved': [
    { ...told(9, null), ...work, until: minutesLater(3), extensions: 1 },
    // The agent logged out in the middle of it.
    { ...told(19, null), ...work, until: minutesLater(1), extensions: 0 },
  ],
  'agent.presence_changed': [
    { ...told(1, null), status: 'online', loggedIn: true, graceUntil: null, cause: 'login' },
    // The desk is silent: still online, but offered nothing until it is back.
    { ...told(20, null), status: 'online', loggedIn: true, graceUntil: minutesLater(1), cause: 'connection_lost' },
  ],
};
