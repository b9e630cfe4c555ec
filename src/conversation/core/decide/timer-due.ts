import type { TimerDue } from '../commands.js';
import type { Decision } from '../decision.js';
import type { ActiveSession } from '../session.js';
import { isLive } from '../session.js';
import type { IdleAction } from '../world.js';
import { waitsOf } from '../waits.js';
import { holderOf } from '../control.js';
import { workspaceOf } from './callers.js';
import { accept, happened, type Draft } from './draft.js';
import { endBySystem } from './end-by-system.js';
import { markIdle } from './bucket-idle.js';
import { closeConversation } from './ending.js';
import { inactivate } from './inactive.js';
import { agentLeaves, enqueue, withdrawOffer } from './queueing.js';
import { replyOverdue } from './reply-deadline.js';
import { overflow, passToNamed } from './transfer.js';

/**
 * A timer fires. The state says whether its wait still runs and is over: a late, repeated or outdated firing, and one
 * that was armed for too early, change nothing (I7).
 */
export function timerDue(draft: Draft, { kind, subject }: TimerDue): Decision {
  const wait = waitsOf(draft.state, draft.world).find((one) => one.kind === kind && one.subject === subject);
  if (!wait || wait.due > draft.world.now) return accept(draft);
  return accept(fired(draft, kind));
}

function fired(draft: Draft, kind: TimerDue['kind']): Draft {
  const { session } = draft.state;
  switch (kind) {
    case 'noResponse':
      return endBySystem(draft, 'no_response');
    case 'inactiveEnd':
      return endBySystem(draft, 'inactive_expired');
    case 'botIdle':
      return endBySystem(draft, 'bot_idle');
    case 'threadingWindow':
      return closeConversation(draft);
    case 'pushTimeout':
      return withdrawOffer(draft, 'timed_out');
    case 'queueWait':
      return session?.status === 'WAITING' ? overflow(draft, session) : draft;
    case 'bucketIdle':
      return markIdle(draft, true);
    case 'reminder':
      return remind(draft);
    case 'customerWarning':
      return warn(draft, 'customer');
    case 'agentWarning':
      return warn(draft, 'agent');
    case 'customerInactivity':
      return session?.status === 'ACTIVE' ? inactivate(draft, session, BY_TIMER) : draft;
    case 'customerIdle':
      return act(draft, 'customer');
    case 'agentIdle':
      return act(draft, 'agent');
    case 'replyDeadline':
      return replyOverdue(draft);
  }
}

const BY_TIMER = { type: 'system', id: null, via: 'timer' } as const;

/**
 * Told one step before something is done, to both sides: the customer by a note, the agent by the event
 * (`docs/rules.md` 5.3).
 */
function warn(draft: Draft, about: 'customer' | 'agent'): Draft {
  const { session } = draft.state;
  if (!session) return draft;
  const messageId = about === 'customer' ? draft.world.ids.notice : null;
  return happened(draft, {
    type: 'sessionReminded',
    sessionId: session.id,
    about,
    kind: 'warning',
    number: 1,
    messageId,
  });
}

/** Ends nothing unless it is set to (`docs/rules.md` 2.4). */
function remind(draft: Draft): Draft {
  const { session } = draft.state;
  const number = (session?.talk.reminded ?? 0) + 1;
  const reminder = draft.world.settings.reminders[number - 1];
  if (!session || !reminder) return draft;
  const reminded = happened(draft, {
    type: 'sessionReminded',
    sessionId: session.id,
    about: 'customer',
    kind: 'reminder',
    number,
    messageId: draft.world.ids.notice,
  });
  const ticket = session.human?.ticket;
  const status = reminder.ticketStatus;
  const told =
    ticket && status !== null
      ? happened(reminded, { type: 'ticketChanged', sessionId: session.id, ticket: { ...ticket, status } })
      : reminded;
  return reminder.ends ? endBySystem(told, 'customer_idle') : told;
}

function act(draft: Draft, about: 'customer' | 'agent'): Draft {
  const { session } = draft.state;
  if (session?.status !== 'ACTIVE') return draft;
  const { action } = draft.world.settings.idle[about];
  return done(draft, session, action) ?? endBySystem(draft, about === 'customer' ? 'customer_idle' : 'agent_idle');
}

/** `null`: it cannot be done here (no such bot, no queue, a channel without INACTIVE), so the session ends instead. */
function done(draft: Draft, session: ActiveSession, action: IdleAction): Draft | null {
  switch (action.do) {
    case 'end':
      return null;
    case 'inactivate':
      return draft.world.channel.can.inactivate ? inactivate(draft, session, BY_TIMER) : null;
    case 'bot':
      return passToNamed(draft, action.name);
    case 'reroute':
      return workspaceOf(draft, holderOf(draft.state.control)) ? reroute(draft) : null;
  }
}

function reroute(draft: Draft): Draft {
  const { session } = draft.state;
  if (!isLive(session)) return draft;
  return enqueue(agentLeaves(draft, 'rerouted'), 'rerouted', { queueId: session.human?.queueId ?? null });
}
