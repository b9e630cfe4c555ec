import { later, type Millis } from '../../../kernel/index.js';
import { isLive, type Responses, type Session, type Talk } from '../session.js';

const unanswered: Responses = { count: 0, totalMs: 0, longestMs: 0 };

export const freshTalk = (at: Millis): Talk => ({
  customerAt: null,
  answeredAt: null,
  askedAt: null,
  heldSince: at,
  reminded: 0,
  warned: { customer: false, agent: false },
  idle: false,
  agentResponses: unanswered,
  customerResponses: unanswered,
});

/** The customer wrote: their silence is over, and the human's begins unless it had begun before. */
export function customerSpoke<S extends Session | null>(session: S, at: Millis): S {
  return talked(session, (talk) => ({
    ...talk,
    customerAt: at,
    answeredAt: null,
    askedAt: talk.askedAt ?? at,
    reminded: 0,
    warned: talk.warned.customer ? { ...talk.warned, customer: false } : talk.warned,
    customerResponses: responded(talk.customerResponses, talk.answeredAt, at),
  }));
}

/** A human wrote: only the first message after the customer's last one starts the customer's clock (I-10). */
export function humanSpoke<S extends Session | null>(session: S, at: Millis): S {
  return talked(session, (talk) => ({
    ...talk,
    answeredAt: talk.customerAt === null ? null : (talk.answeredAt ?? at),
    askedAt: null,
    warned: talk.warned.agent ? { ...talk.warned, agent: false } : talk.warned,
    agentResponses: responded(talk.agentResponses, talk.askedAt, at),
  }));
}

/**
 * Somebody else holds control: clocks of the one before are not held against them. From agent to agent of one workspace
 * the customer's silence goes on, for to them it is one (`docs/rules.md` 5.2).
 */
export function handedOver<S extends Session | null>(session: S, at: Millis, amongAgents: boolean): S {
  return talked(session, (talk) => ({
    ...talk,
    heldSince: at,
    idle: false,
    answeredAt: amongAgents ? talk.answeredAt : null,
    askedAt: talk.askedAt === null ? null : at,
    warned: { customer: amongAgents && talk.warned.customer, agent: false },
  }));
}

export const idled = <S extends Session | null>(session: S, idle: boolean): S =>
  talked(session, (talk) => ({ ...talk, idle }));

export function reminded<S extends Session | null>(
  session: S,
  about: 'customer' | 'agent',
  kind: 'reminder' | 'warning',
): S {
  return talked(session, (talk) =>
    kind === 'reminder'
      ? { ...talk, reminded: talk.reminded + 1 }
      : { ...talk, warned: { ...talk.warned, [about]: true } },
  );
}

function talked<S extends Session | null>(session: S, change: (talk: Talk) => Talk): S {
  return isLive(session) ? { ...session, talk: change(session.talk) } : session;
}

function responded(before: Responses, since: Millis | null, at: Millis): Responses {
  if (since === null) return before;
  const took = at - since;
  return {
    count: before.count + 1,
    totalMs: before.totalMs + took,
    longestMs: later(before.longestMs, took),
  };
}
