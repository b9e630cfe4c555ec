-- The wall between apps, in the keys: what refers to a row of another aggregate refers to one of the same app.
--
-- Until now a session could be given to an agent of another app. What that left is closed and reported here first, so
-- that the keys hold: the agents have their capacity back at once, and the conversations hear of it as of an agent who
-- went (src/desk/crossings.ts).

-- Work, and observers, that joined two apps.
CREATE TABLE crossed_work (
  -- The work item; of an observer the session.
  subject         entity_id   NOT NULL,
  agent_id        entity_id   NOT NULL,
  what            text        NOT NULL CHECK (what IN ('work', 'observer')),
  -- Whose session it was.
  app_id          entity_id   NOT NULL,
  -- Whose agent it was; NULL: nobody's.
  agent_app_id    entity_id,
  session_id      entity_id   NOT NULL,
  conversation_id entity_id   NOT NULL,
  -- The work item as it was.
  was             jsonb,
  found_at        timestamptz NOT NULL DEFAULT now(),
  -- When the conversation had heard of it.
  told_at         timestamptz,
  PRIMARY KEY (subject, agent_id, what)
);
CREATE INDEX crossed_work_untold ON crossed_work (found_at) WHERE told_at IS NULL;

INSERT INTO crossed_work (subject, agent_id, what, app_id, agent_app_id, session_id, conversation_id, was)
SELECT w.id, w.agent_id, 'work', coalesce(s.app_id, w.app_id), a.app_id, w.session_id, w.conversation_id, to_jsonb(w)
FROM work_item w JOIN agent a ON a.id = w.agent_id LEFT JOIN session s ON s.id = w.session_id
WHERE w.app_id <> a.app_id OR s.app_id <> a.app_id;

INSERT INTO crossed_work (subject, agent_id, what, app_id, agent_app_id, session_id, conversation_id, was)
SELECT item ->> 'id', a.id, 'work', s.app_id, a.app_id, s.id, s.conversation_id, item
FROM agent a CROSS JOIN LATERAL jsonb_array_elements(a.work) item JOIN session s ON s.id = item ->> 'sessionId'
WHERE s.app_id <> a.app_id
ON CONFLICT DO NOTHING;

INSERT INTO crossed_work (subject, agent_id, what, app_id, agent_app_id, session_id, conversation_id)
SELECT c.state -> 'session' ->> 'id', one ->> 'agentId', 'observer', c.app_id, a.app_id, c.state -> 'session' ->> 'id', c.id
FROM conversation c
CROSS JOIN LATERAL jsonb_path_query(c.state, '$.session.human.participants[*]') one
LEFT JOIN agent a ON a.id = one ->> 'agentId'
WHERE one ->> 'role' = 'supervisor' AND one ->> 'leftAt' IS NULL AND a.app_id IS DISTINCT FROM c.app_id
ON CONFLICT DO NOTHING;

-- What an agent's work counts (src/agents/core/capacity.ts), for the columns that routing chooses by.
CREATE FUNCTION pg_temp.pool_of(limits jsonb, load jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT CASE
    WHEN limits -> 'buckets' -> (load ->> 'bucket') IS NOT NULL THEN load ->> 'bucket'
    WHEN (load ->> 'interruptible')::boolean AND limits ->> 'interruptible' IS NOT NULL THEN 'interruptible'
    ELSE 'primary' END
$$;
CREATE FUNCTION pg_temp.limit_of(limits jsonb, pool text) RETURNS float8 LANGUAGE sql AS $$
  SELECT coalesce(CASE WHEN pool IN ('primary', 'interruptible') THEN limits ->> pool
                       ELSE limits -> 'buckets' ->> pool END, '0')::float8
$$;
CREATE FUNCTION pg_temp.cost_of(limits jsonb, load jsonb) RETURNS float8 LANGUAGE sql AS $$
  SELECT CASE WHEN load ->> 'percent' IS NULL THEN (load ->> 'weight')::float8
              ELSE pg_temp.limit_of(limits, pg_temp.pool_of(limits, load)) * (load ->> 'percent')::float8 / 100 END
$$;
CREATE FUNCTION pg_temp.count_of(limits jsonb, item jsonb) RETURNS float8 LANGUAGE sql AS $$
  SELECT CASE
    WHEN NOT (item ->> 'automatic')::boolean THEN 0
    WHEN pg_temp.pool_of(limits, load) IN ('primary', 'interruptible') THEN
      CASE WHEN status IN ('offered', 'open', 'afterWork') THEN pg_temp.cost_of(limits, load)
           WHEN status = 'paused' THEN (load ->> 'pausedWeight')::float8
           WHEN tab AND load ->> 'model' = 'tab_based' THEN pg_temp.cost_of(limits, load)
           ELSE 0 END
    WHEN status IN ('offered', 'afterWork') THEN 1
    WHEN load ->> 'bucket' = 'messaging' AND NOT (load ->> 'countInactive')::boolean
         AND ((item ->> 'idle')::boolean OR status IN ('over', 'paused')) THEN 0
    WHEN status <> 'over' THEN 1
    WHEN item -> 'ticket' ->> 'status' IS NOT NULL THEN
      CASE WHEN item -> 'ticket' ->> 'status' IN ('solved', 'closed') THEN 0 ELSE 1 END
    WHEN tab AND load ->> 'model' = 'tab_based' THEN 1
    ELSE 0 END
  FROM (SELECT item -> 'load' AS load, item ->> 'status' AS status, (item ->> 'tabOpen')::boolean AS tab) part
$$;
CREATE FUNCTION pg_temp.pool(limits jsonb, work jsonb, name text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('limit', pg_temp.limit_of(limits, name), 'used', coalesce((
    SELECT round(sum(pg_temp.count_of(limits, item))::numeric, 6)::float8
    FROM jsonb_array_elements(work) item WHERE pg_temp.pool_of(limits, item -> 'load') = name), 0))
$$;
CREATE FUNCTION pg_temp.capacity_of(limits jsonb, work jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object(
    'primary', pg_temp.pool(limits, work, 'primary'),
    'interruptible', CASE WHEN limits ->> 'interruptible' IS NOT NULL
                          THEN pg_temp.pool(limits, work, 'interruptible') END,
    'buckets', CASE WHEN limits ->> 'buckets' IS NOT NULL THEN coalesce((
      SELECT jsonb_object_agg(name, pg_temp.pool(limits, work, name))
      FROM unnest('{messaging,email,voice}'::text[]) name WHERE limits -> 'buckets' -> name IS NOT NULL), '{}') END)
$$;

UPDATE agent a SET work = (
  SELECT coalesce(jsonb_agg(item ORDER BY place), '[]')
  FROM jsonb_array_elements(a.work) WITH ORDINALITY AS held (item, place)
  WHERE NOT EXISTS (SELECT FROM crossed_work c
                    WHERE c.subject = item ->> 'id' AND c.agent_id = a.id AND c.what = 'work'))
WHERE a.id IN (SELECT agent_id FROM crossed_work WHERE what = 'work');

UPDATE agent a SET
  open_items = jsonb_array_length(a.work),
  capacity = pg_temp.capacity_of(a.profile -> 'limits', a.work),
  primary_used = (pg_temp.capacity_of(a.profile -> 'limits', a.work) -> 'primary' ->> 'used')::float8
WHERE a.id IN (SELECT agent_id FROM crossed_work WHERE what = 'work');

DELETE FROM work_item w USING crossed_work c WHERE c.what = 'work' AND w.id = c.subject;
DELETE FROM agent_timer t USING agent a WHERE a.id = t.agent_id AND a.app_id <> t.app_id;
DELETE FROM agent_departure d USING agent a WHERE a.id = d.agent_id AND a.app_id <> d.app_id;

DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT * FROM crossed_work ORDER BY subject LOOP
    RAISE WARNING '% % of app % was with agent % of %: closed, see the table crossed_work',
      CASE one.what WHEN 'work' THEN 'work item' ELSE 'an observer of session' END, one.subject, one.app_id, one.agent_id,
      coalesce('app ' || one.agent_app_id, 'no app');
  END LOOP;
END $$;

-- Nothing else is known to have crossed. Should a row of another table do, it does not hold up the start either.
DELETE FROM api_key k WHERE k.integration_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM integration i WHERE i.id = k.integration_id AND i.app_id = k.app_id);
DELETE FROM api_key k WHERE k.agent_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM agent a WHERE a.id = k.agent_id AND a.app_id = k.app_id);
DELETE FROM webhook w
  WHERE NOT EXISTS (SELECT FROM integration i WHERE i.id = w.integration_id AND i.app_id = w.app_id);
DELETE FROM switchboard_integration l
  WHERE NOT EXISTS (SELECT FROM integration i WHERE i.id = l.integration_id AND i.app_id = l.app_id)
     OR NOT EXISTS (SELECT FROM switchboard s WHERE s.id = l.switchboard_id AND s.app_id = l.app_id);
UPDATE switchboard_integration l SET next_id = NULL WHERE next_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM switchboard_integration n WHERE n.id = l.next_id AND n.app_id = l.app_id);
UPDATE switchboard s SET default_id = NULL, enabled = false WHERE default_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM switchboard_integration l WHERE l.id = s.default_id AND l.app_id = s.app_id);
UPDATE integration i SET default_responder_id = NULL WHERE default_responder_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM switchboard_integration l WHERE l.id = i.default_responder_id AND l.app_id = i.app_id);
UPDATE queue q SET overflow_to = 'none', overflow_queue_id = NULL WHERE overflow_queue_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM queue o WHERE o.id = q.overflow_queue_id AND o.app_id = q.app_id);
UPDATE service_channel c SET queue_id = NULL WHERE queue_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM queue q WHERE q.id = c.queue_id AND q.app_id = c.app_id);
DELETE FROM link_request r
  WHERE NOT EXISTS (SELECT FROM app_user u WHERE u.id = r.user_id AND u.app_id = r.app_id)
     OR NOT EXISTS (SELECT FROM service_channel c WHERE c.id = r.channel_id AND c.app_id = r.app_id);

-- The same indexes as before, and unique: a key of another table may refer to the app with the id.
DROP INDEX agent_of_app, app_user_of_app, integration_of_app, queue_of_app, service_channel_of_app;
ALTER TABLE agent ADD CONSTRAINT agent_of_app UNIQUE (app_id, id);
ALTER TABLE app_user ADD CONSTRAINT app_user_of_app UNIQUE (app_id, id);
ALTER TABLE integration ADD CONSTRAINT integration_of_app UNIQUE (app_id, id);
ALTER TABLE queue ADD CONSTRAINT queue_of_app UNIQUE (app_id, id);
ALTER TABLE service_channel ADD CONSTRAINT service_channel_of_app UNIQUE (app_id, id);
ALTER TABLE switchboard ADD CONSTRAINT switchboard_of_app UNIQUE (app_id, id);
DROP INDEX switchboard_integration_of_app;
ALTER TABLE switchboard_integration ADD CONSTRAINT switchboard_integration_of_app UNIQUE (app_id, id);

-- Work outlives the session it was for, and sessions their conversation: neither has a key to the other.
ALTER TABLE work_item DROP CONSTRAINT work_item_agent_id_fkey,
  ADD FOREIGN KEY (app_id, agent_id) REFERENCES agent (app_id, id) ON DELETE CASCADE;
ALTER TABLE agent_timer DROP CONSTRAINT agent_timer_agent_id_fkey,
  ADD FOREIGN KEY (app_id, agent_id) REFERENCES agent (app_id, id) ON DELETE CASCADE;
ALTER TABLE agent_departure DROP CONSTRAINT agent_departure_agent_id_fkey,
  ADD FOREIGN KEY (app_id, agent_id) REFERENCES agent (app_id, id) ON DELETE CASCADE;
ALTER TABLE api_key DROP CONSTRAINT api_key_integration_id_fkey,
  ADD FOREIGN KEY (app_id, integration_id) REFERENCES integration (app_id, id) ON DELETE CASCADE,
  ADD FOREIGN KEY (app_id, agent_id) REFERENCES agent (app_id, id) ON DELETE CASCADE;
ALTER TABLE webhook DROP CONSTRAINT webhook_integration_id_fkey,
  ADD FOREIGN KEY (app_id, integration_id) REFERENCES integration (app_id, id) ON DELETE CASCADE;
ALTER TABLE switchboard_integration
  DROP CONSTRAINT switchboard_integration_integration_id_fkey,
  DROP CONSTRAINT switchboard_integration_switchboard_id_fkey,
  ADD FOREIGN KEY (app_id, integration_id) REFERENCES integration (app_id, id) ON DELETE CASCADE,
  ADD FOREIGN KEY (app_id, switchboard_id) REFERENCES switchboard (app_id, id) ON DELETE CASCADE,
  ADD FOREIGN KEY (app_id, next_id) REFERENCES switchboard_integration (app_id, id);
ALTER TABLE switchboard
  ADD FOREIGN KEY (app_id, default_id) REFERENCES switchboard_integration (app_id, id);
ALTER TABLE integration
  ADD FOREIGN KEY (app_id, default_responder_id) REFERENCES switchboard_integration (app_id, id);
ALTER TABLE queue DROP CONSTRAINT queue_overflow_queue_id_fkey,
  ADD FOREIGN KEY (app_id, overflow_queue_id) REFERENCES queue (app_id, id);
ALTER TABLE service_channel DROP CONSTRAINT service_channel_queue_id_fkey,
  ADD FOREIGN KEY (app_id, queue_id) REFERENCES queue (app_id, id);
ALTER TABLE link_request
  DROP CONSTRAINT link_request_user_id_fkey,
  DROP CONSTRAINT link_request_channel_id_fkey,
  ADD FOREIGN KEY (app_id, user_id) REFERENCES app_user (app_id, id) ON DELETE CASCADE,
  ADD FOREIGN KEY (app_id, channel_id) REFERENCES service_channel (app_id, id) ON DELETE CASCADE;
