-- The second wall between apps: row-level security (ADR 0035). Every statement of the server says in the setting
-- `switchboard.scope` for which apps it runs, '{id,id}', or for which work of the house, '{@relay}'
-- (src/platform/postgres/scope.ts). Without it nothing is seen and nothing is written. Tables force their policies on
-- their owner too; a superuser takes the role switchboard_server, whom they bind.

-- The e-mail of a user in a column: an expression over jsonb cannot be looked for in an index behind a policy.
ALTER TABLE app_user ADD COLUMN email text;
CREATE FUNCTION email_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.email := lower(NEW.profile ->> 'email');
  RETURN NEW;
END $$;
CREATE TRIGGER app_user_email BEFORE INSERT OR UPDATE OF profile ON app_user FOR EACH ROW EXECUTE FUNCTION email_of_user();
UPDATE app_user SET profile = profile WHERE profile ->> 'email' IS NOT NULL;
DROP INDEX app_user_email;
CREATE INDEX app_user_email ON app_user (app_id, email) WHERE email IS NOT NULL;

-- The same of a session's agent and queue, and of who left a conversation.
ALTER TABLE session ADD COLUMN owner text COLLATE "C", ADD COLUMN queue_id text COLLATE "C";
CREATE FUNCTION parts_of_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.owner := NEW.data #>> '{human,owner}';
  NEW.queue_id := NEW.data #>> '{human,queueId}';
  RETURN NEW;
END $$;
CREATE TRIGGER session_parts BEFORE INSERT OR UPDATE OF data ON session FOR EACH ROW EXECUTE FUNCTION parts_of_session();
UPDATE session SET data = data WHERE data #>> '{human,owner}' IS NOT NULL OR data #>> '{human,queueId}' IS NOT NULL;
DROP INDEX session_of_owner, session_of_queue, session_once_of_queue;
CREATE INDEX session_of_owner ON session (app_id, owner, id) WHERE ended_at IS NULL;
CREATE INDEX session_of_queue ON session (app_id, queue_id, id) WHERE ended_at IS NULL;
CREATE INDEX session_once_of_queue ON session (app_id, queue_id, id) WHERE queue_id IS NOT NULL;

ALTER TABLE event ADD COLUMN left_user text COLLATE "C";
CREATE FUNCTION who_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.left_user := NEW.data ->> 'userId';
  RETURN NEW;
END $$;
CREATE TRIGGER event_leaving BEFORE INSERT ON event FOR EACH ROW WHEN (NEW.type = 'participantLeft') EXECUTE FUNCTION who_left();
UPDATE event SET left_user = data ->> 'userId' WHERE type = 'participantLeft';
DROP INDEX event_of_leaving;
CREATE INDEX event_of_leaving ON event (left_user) WHERE left_user IS NOT NULL;

-- Which sessions an agent has to do with, or had: an array cannot be looked for behind a policy either. Rows are only
-- added; what holds now is in the session's own `agents` and `guests`.
DROP INDEX session_of_app;
ALTER TABLE session ADD CONSTRAINT session_of_app UNIQUE (app_id, id);
CREATE TABLE session_agent (
  app_id     entity_id NOT NULL,
  agent_id   entity_id NOT NULL,
  session_id entity_id NOT NULL,
  PRIMARY KEY (app_id, agent_id, session_id),
  FOREIGN KEY (app_id, session_id) REFERENCES session (app_id, id) ON DELETE CASCADE
);
CREATE INDEX session_agent_of_session ON session_agent (app_id, session_id);
CREATE FUNCTION agents_of_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.agents = OLD.agents AND NEW.guests = OLD.guests THEN RETURN NULL; END IF;
  INSERT INTO session_agent (app_id, agent_id, session_id)
  SELECT NEW.app_id, one, NEW.id FROM unnest(NEW.agents || NEW.guests) AS one ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
INSERT INTO session_agent (app_id, agent_id, session_id)
SELECT DISTINCT app_id, one, id FROM session, unnest(agents || guests) AS one;
CREATE TRIGGER session_agents AFTER INSERT OR UPDATE OF agents, guests ON session FOR EACH ROW
  WHEN (NEW.agents <> '{}' OR NEW.guests <> '{}') EXECUTE FUNCTION agents_of_session();
DROP INDEX session_of_agents;

-- Whether the scope does not reach a conversation. A page asks once, not once a row: what was found last is kept for the
-- connection, and whose a conversation is never changes. Asked for the contrary, because the planner takes two rows of three
-- to pass then, and reads as many as the page has; of a comparison it would expect one of a hundred, and read them all.
CREATE FUNCTION is_of_others(conversation text) RETURNS boolean LANGUAGE plpgsql STABLE COST 10 AS $$
DECLARE
  scope text := current_setting('switchboard.scope', true);
BEGIN
  IF current_setting('switchboard.found', true) = scope || conversation THEN RETURN false; END IF;
  IF NOT EXISTS (SELECT FROM conversation c WHERE c.id = conversation AND c.app_id = ANY (nullif(scope, '')::text[]))
  THEN RETURN true; END IF;
  PERFORM set_config('switchboard.found', scope || conversation, false);
  RETURN false;
END $$;

-- Rows of an app: for those who run for it.
DO $$
DECLARE
  t text;
  of_conversation constant text := '(SELECT c.app_id FROM conversation c WHERE c.id = %1$I.conversation_id)
    = ANY (nullif(current_setting(''switchboard.scope'', true), '''')::text[])';
BEGIN
  FOREACH t IN ARRAY '{agent,agent_departure,agent_timer,api_key,app_user,audit_chain,audit_entry,conversation,
    crossed_work,delivery,integration,link_request,queue,removal,routing_conversation,routing_ended,service_channel,
    session,session_agent,solved_ticket,survey,switchboard,switchboard_integration,timer,waiting,webhook,work_item}'::text[]
  LOOP
    EXECUTE format('CREATE POLICY app ON %I USING (app_id = ANY (nullif(current_setting(''switchboard.scope'', true), '''')::text[]))', t);
  END LOOP;
  -- What says by its conversation whose it is.
  FOREACH t IN ARRAY '{message,event,participant,refusal}'::text[] LOOP
    -- One row by its key each time: an EXISTS might be answered by reading all conversations of the app.
    EXECUTE format('CREATE POLICY app ON %1$I USING (%2$s) WITH CHECK (%3$s)', t,
      CASE t WHEN 'participant' THEN format(of_conversation, t) ELSE 'NOT is_of_others(conversation_id)' END,
      format(of_conversation, t));
  END LOOP;
END $$;
CREATE POLICY app ON app USING (id = ANY (nullif(current_setting('switchboard.scope', true), '')::text[]));

-- Written by whoever announces something, read by the relay; the rest goes with its conversation.
CREATE POLICY announce ON outbox FOR INSERT WITH CHECK (current_setting('switchboard.scope', true) LIKE '{_%}');
CREATE POLICY see ON outbox FOR SELECT USING ((SELECT c.app_id FROM conversation c WHERE c.id = outbox.conversation_id)
  = ANY (nullif(current_setting('switchboard.scope', true), '')::text[]));
CREATE POLICY remove ON outbox FOR DELETE USING ((SELECT c.app_id FROM conversation c WHERE c.id = outbox.conversation_id)
  = ANY (nullif(current_setting('switchboard.scope', true), '')::text[]));
-- Found by a digest of who asks and what: nobody can name another's.
CREATE POLICY keyed ON idempotency USING (current_setting('switchboard.scope', true) LIKE '{_%}');

-- The house's own work: which may come to which table, and for what.
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT * FROM (VALUES
    ('auth',       'api_key',                 'SELECT'),
    ('auth',       'agent',                   'SELECT'),
    ('auth',       'app',                     'SELECT'),
    ('account',    'app',                     'SELECT'),
    ('account',    'removal',                 'SELECT'),
    ('relay',      'outbox',                  'ALL'),
    ('lanes',      'delivery',                'ALL'),
    ('lanes',      'holder_watch',            'ALL'),
    ('lanes',      'webhook',                 'SELECT'),
    ('lanes',      'switchboard',             'SELECT'),
    ('lanes',      'switchboard_integration', 'SELECT'),
    ('lanes',      'conversation',            'SELECT'),
    ('timers',     'timer',                   'SELECT'),
    ('timers',     'timer',                   'DELETE'),
    ('timers',     'agent_timer',             'SELECT'),
    ('timers',     'agent_timer',             'DELETE'),
    ('timers',     'agent_departure',         'SELECT'),
    ('timers',     'agent_departure',         'DELETE'),
    ('timers',     'crossed_work',            'SELECT'),
    ('routing',    'app',                     'SELECT'),
    ('routing',    'queue',                   'SELECT'),
    ('routing',    'agent',                   'SELECT'),
    ('routing',    'session',                 'SELECT'),
    ('routing',    'waiting',                 'ALL'),
    -- To be locked, not to be changed.
    ('routing',    'conversation',            'SELECT'),
    ('routing',    'conversation',            'UPDATE'),
    ('csat',       'survey',                  'SELECT'),
    ('csat',       'survey',                  'UPDATE'),
    ('surveyLink', 'survey',                  'SELECT'),
    ('consumers',  'survey',                  'ALL'),
    ('consumers',  'solved_ticket',           'ALL'),
    ('consumers',  'routing_conversation',    'ALL'),
    ('consumers',  'routing_ended',           'ALL'),
    ('consumers',  'app',                     'SELECT'),
    ('removals',   'removal',                 'SELECT'),
    ('removals',   'removal',                 'UPDATE'),
    ('removals',   'removal',                 'DELETE'),
    ('forgetting', 'idempotency',             'SELECT'),
    ('forgetting', 'idempotency',             'DELETE'),
    ('audit',      'audit_chain',             'SELECT'),
    ('audit',      'audit_entry',             'SELECT'),
    -- Where a cursor names the record of another app (src/platform/postgres/cursor.ts), and nothing else.
    ('cursors',    'agent',                   'SELECT'),
    ('cursors',    'audit_entry',             'SELECT'),
    ('cursors',    'conversation',            'SELECT'),
    ('cursors',    'delivery',                'SELECT'),
    ('cursors',    'integration',             'SELECT'),
    ('cursors',    'participant',             'SELECT'),
    ('cursors',    'queue',                   'SELECT'),
    ('cursors',    'removal',                 'SELECT'),
    ('cursors',    'service_channel',         'SELECT'),
    ('cursors',    'session',                 'SELECT'),
    ('cursors',    'survey',                  'SELECT'),
    ('cursors',    'switchboard_integration', 'SELECT'),
    ('cursors',    'work_item',               'SELECT')
  ) AS entry (house, room, does) LOOP
    EXECUTE format('CREATE POLICY %I ON %I FOR %s %s (current_setting(''switchboard.scope'', true) = ''{@%s}'')',
      one.house || CASE one.does WHEN 'ALL' THEN '' ELSE '_' || lower(one.does) END, one.room, one.does,
      'USING', one.house);
  END LOOP;
END $$;
-- The account's own keys are no app's.
CREATE POLICY account ON api_key USING (app_id IS NULL AND current_setting('switchboard.scope', true) = '{@account}');

-- On for everything that holds what is somebody's, for its owner too; migrations may do what they must.
DO $$
DECLARE t text;
BEGIN
  FOR t IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND c.relname NOT IN ('schema_migration', 'lease', 'process', 'stream_mark', 'consumed_event', 'agreement')
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY migration ON %I USING (current_setting(''switchboard.scope'', true) = ''{@migration}'')', t);
  END LOOP;
  -- A day of the outbox is also asked by its own name, by the relay alone.
  FOR t IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'outbox'::regclass
  LOOP EXECUTE format('CREATE POLICY relay ON %I USING (current_setting(''switchboard.scope'', true) = ''{@relay}'')', t); END LOOP;
END $$;
