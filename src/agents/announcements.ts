import type { EventName, SwitchboardEvents } from '../../sdk/index.js';
import type { EventId } from '../kernel/index.js';
import type { OutboxMessage } from '../ledger/index.js';
import { isoTime } from '../platform/clock/index.js';
import { newId } from '../platform/ids.js';
import type { ChangedAgent, ChangesAgents } from './changed.js';
import type { AgentEvent, AgentEventType } from './core/index.js';

/**
 * Events of agents as the stream carries them, in the line of the agent: published in order, one after another, beside
 * the lines of conversations. Rendered once, inside the transaction.
 */
export function agentAnnouncements({ appId, agents, world }: ChangesAgents): OutboxMessage[] {
  const time = isoTime(world.now);
  return agents.flatMap((changed) =>
    changed.events.map((event, index) => announcement(appId, changed, event, changed.before.seq + index + 1, time)),
  );
}

function announcement(
  appId: string,
  { after: { id: agentId }, causedBy }: ChangedAgent,
  event: AgentEvent,
  seq: number,
  time: string,
): OutboxMessage {
  const eventId = newId<EventId>();
  const type = `switchboard.v1.${NAMES[event.type]}`;
  const data = { schemaVersion: 1, appId, agentId, agentSeq: seq, causationId: causedBy, ...dataOf(event) };
  return {
    eventId,
    conversationId: agentId,
    seq,
    subject: `${type}.${appId}.${agentId}`,
    body: JSON.stringify({
      specversion: '1.0',
      id: eventId,
      source: `/apps/${appId}`,
      type,
      subject: agentId,
      time,
      datacontenttype: 'application/json',
      data,
    }),
  };
}

/** The name under which the world hears of an event. */
const NAMES = {
  capacityChanged: 'capacity.changed',
  workItemPaused: 'work_item.paused',
  workItemUnpaused: 'work_item.unpaused',
  workItemClosed: 'work_item.closed',
  afterWorkStarted: 'after_work.started',
  afterWorkMoved: 'after_work.moved',
  presenceChanged: 'agent.presence_changed',
} as const satisfies Record<AgentEventType, EventName>;

type Own<Type extends AgentEventType> = Omit<
  SwitchboardEvents[(typeof NAMES)[Type]],
  'schemaVersion' | 'appId' | 'agentId' | 'agentSeq' | 'causationId'
>;

type Data = { [Type in AgentEventType]: Own<Type> }[AgentEventType];

/** The core's fields as they are, times in the form of the wire. */
function dataOf(event: AgentEvent): Data {
  switch (event.type) {
    case 'capacityChanged':
      return { capacity: event.capacity, cause: event.cause } satisfies Own<'capacityChanged'>;
    case 'presenceChanged': {
      const { status, loggedIn, cause } = event;
      const graceUntil = event.graceUntil === null ? null : isoTime(event.graceUntil);
      return { status, loggedIn, graceUntil, cause } satisfies Own<'presenceChanged'>;
    }
    case 'afterWorkStarted':
    case 'afterWorkMoved': {
      const { type: _type, ...fields } = event;
      return { ...fields, until: isoTime(event.until) };
    }
    default: {
      const { type: _type, ...fields } = event;
      return fields;
    }
  }
}
