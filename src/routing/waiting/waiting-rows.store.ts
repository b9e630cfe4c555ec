import { usualLoad, type Settled, type WaitingSession } from '../../conversation/index.js';
import type { RowWriter, Written } from '../../ledger/index.js';
import { isoTime } from '../../platform/clock/index.js';

interface WaitingRow extends Pick<Settled, 'appId' | 'conversationId'> {
  readonly userId: string | null;
  readonly session: WaitingSession;
}

/**
 * Keeps one row per session that is WAITING, in its own transaction: what the dispatcher selects by. `changed` hears
 * after the commit which apps have somebody to look for.
 */
export const waitingRows = (changed: (appIds: readonly string[]) => void): RowWriter<Settled> => ({
  name: 'waiting',
  write(entries): Written | null {
    const { gone, waiting } = turned(entries);
    if (gone.length === 0 && waiting.length === 0) return null;
    const sessions = waiting.map(({ session }) => session);
    const values = [
      gone,
      sessions.map(({ id }) => id),
      waiting.map(({ conversationId }) => conversationId),
      waiting.map(({ appId }) => appId),
      waiting.map(({ userId }) => userId),
      sessions.map(({ human }) => human.queueId),
      sessions.map(({ human }) => isoTime(human.requestedAt)),
      sessions.map(({ waiting: { since } }) => isoTime(since)),
      sessions.map(({ waiting: { skills } }) => JSON.stringify(skills)),
      sessions.map(({ human: { load } }) => JSON.stringify(load ?? usualLoad)),
      sessions.map(({ waiting: { preferred } }) => preferred),
      sessions.map(({ human }) => human.lastAgent),
      sessions.map(({ waiting: { tried } }) => JSON.stringify(tried)),
      sessions.map(({ waiting: { offer } }) => offer?.agentId ?? null),
      sessions.map(({ waiting: { offer } }) => offer?.workItemId ?? null),
      sessions.map(({ waiting: { overflowed } }) => overflowed),
    ];
    const apps = [...new Set(waiting.filter(({ session }) => !session.waiting.offer).map(({ appId }) => appId))];
    return {
      statement: { name: 'write_waiting', text: REPLACE, values },
      ...(apps.length > 0 && { committed: () => changed(apps) }),
    };
  },
});

/** Over all entries of the group: sessions that no longer wait, and those that do, as they stand at its end. */
function turned(entries: readonly Settled[]): { gone: readonly string[]; waiting: readonly WaitingRow[] } {
  const gone = new Set<string>();
  const waiting = new Map<string, WaitingRow>();
  for (const { appId, conversationId, profile, before, after } of entries) {
    const was = before.session?.status === 'WAITING' ? before.session : null;
    const is = after.session?.status === 'WAITING' && after.lifecycle !== 'removed' ? after.session : null;
    if (was !== null && was.id !== is?.id) {
      gone.add(was.id);
      waiting.delete(was.id);
    }
    if (is === null || (was?.human === is.human && was.waiting === is.waiting)) continue;
    gone.delete(is.id);
    waiting.set(is.id, { appId, conversationId, userId: profile.userId, session: is });
  }
  return { gone: [...gone], waiting: [...waiting.values()] };
}

/** Whose last session was cut off by us, not by anybody who was part of it, and who is back so soon, goes first. */
const RETURN_WINDOW = '15 minutes';

const REPLACE = `
  WITH gone AS (DELETE FROM waiting WHERE session_id = ANY($1::text[]))
  INSERT INTO waiting (session_id, conversation_id, app_id, queue_id, requested_at, since, priority, skills, load, preferred,
                       last_agent, tried, offered_to, work_item_id, overflowed)
  SELECT n.session_id, n.conversation_id, n.app_id, n.queue_id, n.requested_at, n.since,
         CASE WHEN n.user_id IS NULL THEN 0 ELSE
           (SELECT count(*) FROM (
              SELECT data, ended_at FROM session s
              WHERE s.app_id = n.app_id AND s.user_id = n.user_id AND s.id < n.session_id ORDER BY s.id DESC LIMIT 1) s
            WHERE s.ended_at > n.since - interval '${RETURN_WINDOW}'
              AND s.data -> 'end' ->> 'reason' IN ('agent_logout', 'error')) END,
         n.skills, n.load, n.preferred, n.last_agent, n.tried, n.offered_to, n.work_item_id, n.overflowed
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[],
              $9::jsonb[], $10::jsonb[], $11::text[], $12::text[], $13::jsonb[], $14::text[], $15::text[],
              $16::boolean[])
       AS n (session_id, conversation_id, app_id, user_id, queue_id, requested_at, since, skills, load,
             preferred, last_agent, tried, offered_to, work_item_id, overflowed)
  ON CONFLICT (session_id) DO UPDATE SET
    queue_id = excluded.queue_id, requested_at = excluded.requested_at, since = excluded.since,
    skills = excluded.skills, load = excluded.load, preferred = excluded.preferred, last_agent = excluded.last_agent, tried = excluded.tried,
    offered_to = excluded.offered_to, work_item_id = excluded.work_item_id, overflowed = excluded.overflowed`;
