import type { RowWriter, Written } from '../../ledger/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { AgentId } from '../../kernel/index.js';
import { agentsOf, guestsOf, offeredAgent, type ConversationState, type Session } from '../core/index.js';
import type { Recorded, Settled } from '../recorded.js';

/**
 * The list view of sessions: written when a session begins, when its status changes, when a human first takes over and
 * when others have to do with it, for by that the right to read is asked (src/reading).
 * Counts of a live session are read from the conversation's state, so messages cost no write here.
 */
export const sessionRows: RowWriter<Settled> = {
  name: 'session',
  write(entries): Written | null {
    const changed = entries.flatMap(({ before, recorded, appId, conversationId, profile }) =>
      changedSessions(before, recorded).map((session) => ({ session, appId, conversationId, userId: profile.userId })),
    );
    if (changed.length === 0) return null;
    const values = [
      changed.map(({ session }) => session.id),
      changed.map(({ appId }) => appId),
      changed.map(({ conversationId }) => conversationId),
      changed.map(({ userId }) => userId),
      changed.map(({ session }) => session.status),
      changed.map(({ session }) => isoTime(session.startedAt)),
      changed.map(({ session }) => ('endedAt' in session ? isoTime(session.endedAt) : null)),
      changed.map(({ session }) => JSON.stringify(session)),
      changed.map(({ session }) => arrayOf(agentsOf(session))),
      changed.map(({ session }) => arrayOf(guestsOf(session))),
      changed.map(({ session }) => session.human?.owner ?? null),
      changed.map(({ session }) => session.human?.queueId ?? null),
    ];
    return { statement: { name: 'write_session', text: UPSERT, values } };
  },
};

/** The last form of each session that changed: one decision may end a session and begin the next. */
function changedSessions(before: ConversationState, recorded: readonly Recorded[]): readonly Session[] {
  const last = new Map<string, Session>();
  for (const { after } of recorded) {
    if (after.session && after.session !== before.session) last.set(after.session.id, after.session);
  }
  return [...last.values()].filter((session) => {
    const known = before.session?.id === session.id ? before.session : null;
    return !known || isOtherwise(known, session);
  });
}

/** What the list tells apart; counts and clocks of a live session are no reason to write. */
const isOtherwise = (known: Session, session: Session): boolean =>
  known.status !== session.status ||
  known.acceptedAt !== session.acceptedAt ||
  known.human?.owner !== session.human?.owner ||
  known.human?.queueId !== session.human?.queueId ||
  offeredAgent(known) !== offeredAgent(session) ||
  // The same object in all but a few commands: a message is no reason to compare lists.
  (known.human !== session.human && whoIsIn(known) !== whoIsIn(session));

const whoIsIn = (session: Session): string => arrayOf(agentsOf(session)) + arrayOf(guestsOf(session));

/** An array as PostgreSQL reads it; ids need no quotes. */
const arrayOf = (ids: readonly AgentId[]): string => `{${ids.join(',')}}`;

const UPSERT = `
  INSERT INTO session AS s (id, app_id, conversation_id, user_id, status, started_at, ended_at, data, agents, guests,
                            owner, queue_id)
  SELECT id, app, conversation, "user", status, started, ended, data, agents::text[], guests::text[], owner, queue
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
              $8::jsonb[], $9::text[], $10::text[], $11::text[], $12::text[])
    AS row (id, app, conversation, "user", status, started, ended, data, agents, guests, owner, queue)
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, ended_at = excluded.ended_at, data = excluded.data,
    agents = excluded.agents, guests = excluded.guests, owner = excluded.owner, queue_id = excluded.queue_id`;
