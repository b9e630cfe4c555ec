-- Who has to do with a session: what the right to read is asked by, and lists of agents are cut by.

ALTER TABLE session
  -- Agents who have it or had it.
  ADD COLUMN agents text[] COLLATE "C" NOT NULL DEFAULT '{}',
  -- Who looks on now, and who is asked now whether they take it.
  ADD COLUMN guests text[] COLLATE "C" NOT NULL DEFAULT '{}';

-- What a live session's row does not tell is in its conversation.
WITH told AS (
  SELECT s.id, CASE WHEN s.ended_at IS NULL AND c.state -> 'session' ->> 'id' = s.id THEN c.state -> 'session' ELSE s.data END AS session
  FROM session s LEFT JOIN conversation c ON c.id = s.conversation_id
), parts AS (
  SELECT told.id,
         array_agg(DISTINCT one ->> 'agentId') FILTER (WHERE one ->> 'role' = 'agent') AS agents,
         array_agg(DISTINCT one ->> 'agentId')
           FILTER (WHERE one ->> 'role' = 'supervisor' AND one ->> 'leftAt' IS NULL) AS observers,
         coalesce(told.session #>> '{waiting,offer,agentId}', told.session #>> '{transferring,agentId}') AS asked
  FROM told LEFT JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(told.session #> '{human,participants}')
                                                   WHEN 'array' THEN told.session #> '{human,participants}' END) AS one ON true
  GROUP BY told.id, told.session
)
UPDATE session s
SET agents = coalesce(parts.agents, '{}'),
    guests = CASE WHEN s.ended_at IS NULL THEN array_remove(parts.observers || parts.asked, NULL) ELSE '{}' END
FROM parts WHERE parts.id = s.id AND (parts.agents IS NOT NULL OR parts.observers IS NOT NULL OR parts.asked IS NOT NULL);

CREATE INDEX session_of_agents ON session USING gin (agents, guests);
-- Of all sessions that ever waited, where `session_of_queue` has those that live.
CREATE INDEX session_once_of_queue ON session (app_id, (data -> 'human' ->> 'queueId'), id)
  WHERE data -> 'human' ->> 'queueId' IS NOT NULL;
CREATE INDEX survey_of_agent ON survey (app_id, agent_id, id);
