import { newId } from '../../platform/ids.js';
import { isoTime } from '../../platform/clock/index.js';
import type { RowWriter, Written } from '../../ledger/index.js';
import type { AgentEntry } from '../ledger/agent.request.js';

/** The words on work items. Behind `workItemRows`: closing a tab and saving what was written on it are one transaction. */
export const notesRows: RowWriter<AgentEntry> = {
  name: 'work_item_notes',
  write(entries): Written | null {
    const notes = entries.flatMap((entry) => entry.notes ?? []);
    if (notes.length === 0) return null;
    const values = [
      notes.map(({ workItemId }) => workItemId),
      notes.map(({ text }) => text),
      notes.map(({ draft }) => draft),
    ];
    return { statement: { name: 'write_work_item_notes', text: SAVE, values } };
  },
};

const SAVE = `
  UPDATE work_item w
  SET notes = CASE WHEN n.draft THEN w.notes ELSE coalesce(n.text, w.draft, w.notes) END,
      draft = CASE WHEN n.draft THEN n.text END
  FROM unnest($1::text[], $2::text[], $3::boolean[]) AS n (id, text, draft)
  WHERE w.id = n.id`;

/** The intent to tell conversations that their agent is gone; it outlives the process. */
export const departureRows: RowWriter<AgentEntry> = {
  name: 'agent_departure',
  write(entries): Written | null {
    const rows = entries.flatMap(({ appId, agentId, departures, world }) =>
      departures.map((departure) => ({ ...departure, appId, agentId, at: isoTime(world.now) })),
    );
    if (rows.length === 0) return null;
    const values = [
      rows.map(() => newId()),
      rows.map(({ appId }) => appId),
      rows.map(({ agentId }) => agentId),
      rows.map(({ workItemId }) => workItemId),
      rows.map(({ sessionId }) => sessionId),
      rows.map(({ conversationId }) => conversationId),
      rows.map(({ what }) => what),
      rows.map(({ at }) => at),
    ];
    return { statement: { name: 'write_agent_departure', text: DEPART, values } };
  },
};

const DEPART = `
  INSERT INTO agent_departure (id, app_id, agent_id, work_item_id, session_id, conversation_id, what, created_at)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                       $8::timestamptz[])
  ON CONFLICT (work_item_id, what) DO NOTHING`;
