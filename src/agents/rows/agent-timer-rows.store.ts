import { newId } from '../../platform/ids.js';
import { isoTime } from '../../platform/clock/index.js';
import type { RowWriter, Written } from '../../ledger/index.js';
import { turned, type ChangesAgents } from '../changed.js';
import { agentWaits, type Agent, type AgentWait } from '../core/index.js';

interface Named {
  readonly agentId: string;
  readonly kind: string;
  readonly subject: string;
}

/**
 * One row per running wait of an agent, as of conversations. A wait that moved is written over; a timer that fired and
 * changed nothing is removed by the sweep. The silence of a connection that was replaced is nobody's any more.
 */
export const agentTimerRows: RowWriter<ChangesAgents> = {
  name: 'agent_timer',
  write(entries): Written | null {
    const set: (AgentWait & { readonly agentId: string; readonly appId: string })[] = [];
    const gone: Named[] = [];
    for (const { appId, before, after } of turned(entries)) {
      const agentId = after.id;
      const waited = agentWaits(before);
      const waits = agentWaits(after);
      for (const wait of waits) if (!waited.some((one) => isSame(one, wait))) set.push({ ...wait, agentId, appId });
      for (const wait of waited) if (!waits.some((one) => isNamed(one, wait))) gone.push({ ...wait, agentId });
      const left = leftConnection(before, after);
      if (left !== null) gone.push({ agentId, kind: 'silence', subject: left });
    }
    if (set.length === 0 && gone.length === 0) return null;
    const values = [
      gone.map(({ agentId }) => agentId),
      gone.map(({ kind }) => kind),
      gone.map(({ subject }) => subject),
      set.map(() => newId()),
      set.map(({ agentId }) => agentId),
      set.map(({ appId }) => appId),
      set.map(({ kind }) => kind),
      set.map(({ subject }) => subject),
      set.map(({ due }) => isoTime(due)),
    ];
    return { statement: { name: 'write_agent_timer', text: REPLACE, values } };
  },
};

const isNamed = (one: AgentWait, other: AgentWait): boolean => one.kind === other.kind && one.subject === other.subject;

const isSame = (one: AgentWait, other: AgentWait): boolean => isNamed(one, other) && one.due === other.due;

const leftConnection = ({ presence: was }: Agent, { presence: is }: Agent): string | null =>
  was.connection === is.connection ? null : was.connection;

const REPLACE = `
  WITH gone AS (
    DELETE FROM agent_timer t USING unnest($1::text[], $2::text[], $3::text[]) AS g (agent_id, kind, subject)
    WHERE t.agent_id = g.agent_id AND t.kind = g.kind AND t.subject = g.subject)
  INSERT INTO agent_timer (id, agent_id, app_id, kind, subject, due_at)
  SELECT * FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])
  ON CONFLICT (agent_id, kind, subject) DO UPDATE SET due_at = excluded.due_at`;
