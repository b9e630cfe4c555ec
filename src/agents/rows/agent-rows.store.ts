import { capacityOf, mayBeOffered, type Agent } from '../core/index.js';
import type { RowWriter, Statement, Written } from '../../ledger/index.js';
import { turned, type ChangesAgents } from '../changed.js';

/** The agents' rows, with what routing chooses candidates by; `changed` hears of them after the commit. */
export const agentRows = <Entry extends ChangesAgents>(
  changed: (agents: readonly { readonly appId: string; readonly agentId: string }[]) => void,
): RowWriter<Entry> => ({
  name: 'agent',
  write(entries): Written | null {
    const agents = turned(entries);
    if (agents.length === 0) return null;
    return {
      statement: updateAgents(agents.map(({ after }) => after)),
      committed: () => changed(agents.map(({ appId, after }) => ({ appId, agentId: after.id }))),
    };
  },
});

export function updateAgents(agents: readonly Agent[]): Statement {
  const rows = agents.map(columnsOf);
  const column = <K extends keyof Columns>(name: K): Columns[K][] => rows.map((row) => row[name]);
  const values = [
    column('id'),
    column('role'),
    column('active'),
    column('profile'),
    column('presence'),
    column('work'),
    column('seq'),
    column('status'),
    column('offerable'),
    column('primary_used'),
    column('primary_limit'),
    column('open_items'),
    column('capacity'),
  ];
  return { name: 'write_agent', text: UPDATE, values };
}

type Columns = ReturnType<typeof columnsOf>;

/** All but teams and skills, which the statement takes out of the profile: arrays of arrays cannot be sent. */
export function columnsOf(agent: Agent) {
  const { id, profile, presence, work, seq } = agent;
  const capacity = capacityOf(agent);
  return {
    id,
    role: profile.role,
    active: profile.active,
    profile: JSON.stringify(profile),
    presence: JSON.stringify(presence),
    work: JSON.stringify(work),
    seq,
    status: presence.status,
    offerable: mayBeOffered(agent),
    primary_used: capacity.primary.used,
    primary_limit: capacity.primary.limit,
    open_items: work.length,
    capacity: JSON.stringify(capacity),
  };
}

const UPDATE = `
  UPDATE agent a
  SET role = n.role, active = n.active, profile = n.profile, presence = n.presence, work = n.work, seq = n.seq,
      status = n.status, offerable = n.offerable, primary_used = n.primary_used, primary_limit = n.primary_limit,
      open_items = n.open_items, capacity = n.capacity,
      teams = ARRAY(SELECT jsonb_array_elements_text(n.profile -> 'teams')),
      skills = ARRAY(SELECT jsonb_array_elements_text(n.profile -> 'skills'))
  FROM unnest($1::text[], $2::text[], $3::boolean[], $4::jsonb[], $5::jsonb[], $6::jsonb[], $7::int8[], $8::text[],
              $9::boolean[], $10::float8[], $11::float8[], $12::int4[], $13::jsonb[])
       AS n (id, role, active, profile, presence, work, seq, status, offerable, primary_used, primary_limit,
             open_items, capacity)
  WHERE a.id = n.id`;
