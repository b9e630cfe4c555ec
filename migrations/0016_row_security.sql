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

-- Rows of an app: for those who run for it.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY '{agent,agent_departure,agent_timer,api_key,app_user,audit_chain,audit_entry,conversation,
    crossed_work,delivery,integration,link_request,queue,removal,routing_conversation,routing_ended,service_channel,session,
    solved_ticket,survey,switchboard,switchboard_integration,timer,waiting,webhook,work_item}'::text[]
  LOOP
    EXECUTE format('CREATE POLICY app ON %I USING (app_id = ANY (nullif(current_setting(''switchboard.scope'', true), '''')::text[]))', t);
  END LOOP;
  -- What says by its conversation whose it is.
  FOREACH t IN ARRAY '{message,event,participant,refusal}'::text[] LOOP
    -- One row by its key each time: an EXISTS might be answered by reading all conversations of the app.
    EXECUTE format('CREATE POLICY app ON %1$I USING ((SELECT c.app_id FROM conversation c WHERE c.id = %1$I.conversation_id)
      = ANY (nullif(current_setting(''switchboard.scope'', true), '''')::text[]))', t);
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
