-- Written from the catalogs of a freshly migrated database by `npm run schema`; never edited by hand.

CREATE DOMAIN entity_id AS text COLLATE "C";

CREATE OR REPLACE FUNCTION public.agents_of_session()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.agents = OLD.agents AND NEW.guests = OLD.guests THEN RETURN NULL; END IF;
  INSERT INTO session_agent (app_id, agent_id, session_id)
  SELECT NEW.app_id, one, NEW.id FROM unnest(NEW.agents || NEW.guests) AS one ON CONFLICT DO NOTHING;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.audit_is_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $function$;

CREATE OR REPLACE FUNCTION public.email_of_user()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.email := (SELECT lower(identity ->> 'value') FROM jsonb_array_elements(NEW.identities) AS identity
                WHERE identity ->> 'type' = 'email' LIMIT 1);
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.is_of_others(conversation text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE COST 10
AS $function$
DECLARE
  scope text := current_setting('switchboard.scope', true);
BEGIN
  IF current_setting('switchboard.found', true) = scope || conversation THEN RETURN false; END IF;
  IF NOT EXISTS (SELECT FROM conversation c WHERE c.id = conversation AND c.app_id = ANY (nullif(scope, '')::text[]))
  THEN RETURN true; END IF;
  PERFORM set_config('switchboard.found', scope || conversation, false);
  RETURN false;
END $function$;

CREATE OR REPLACE FUNCTION public.who_left()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.left_user := NEW.data ->> 'userId';
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.without_author(message jsonb, user_id text, wholly boolean)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT CASE WHEN message #>> '{author,type}' IS DISTINCT FROM 'user' THEN message
              WHEN message #>> '{author,userId}' IS DISTINCT FROM user_id AND user_id IS NOT NULL THEN message
              ELSE (CASE WHEN wholly THEN without_words(message) ELSE message END)
                   || jsonb_build_object('author', (message -> 'author') - ARRAY['displayName', 'avatarUrl']
                        || CASE WHEN message #> '{author,user}' IS NULL THEN '{}'::jsonb
                                ELSE jsonb_build_object('user', without_name(message #> '{author,user}', wholly)) END)
         END
$function$;

CREATE OR REPLACE FUNCTION public.without_name(person jsonb, wholly boolean)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT (CASE WHEN wholly THEN person - ARRAY['externalId', 'userExternalId', 'signedUpAt'] ELSE person END)
         || CASE WHEN person ? 'profile' THEN '{"profile": {}}'::jsonb ELSE '{}' END
         || CASE WHEN person ? 'metadata' THEN '{"metadata": {}}'::jsonb ELSE '{}' END
         || CASE WHEN person ? 'identities' THEN '{"identities": []}'::jsonb ELSE '{}' END
$function$;

CREATE OR REPLACE FUNCTION public.without_person(payload jsonb, user_id text, wholly boolean)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT payload
         || CASE WHEN payload ? 'message'
                 THEN jsonb_build_object('message', without_author(payload -> 'message', user_id, wholly))
                 ELSE '{}' END
         || CASE WHEN payload ? 'user' AND (user_id IS NULL OR payload #>> '{user,id}' = user_id)
                 THEN jsonb_build_object('user', without_name(payload -> 'user', wholly))
                      || CASE WHEN wholly AND payload ? 'postback' THEN '{"postback": {"payload": ""}}'::jsonb
                              ELSE '{}' END
                 ELSE '{}' END
$function$;

CREATE OR REPLACE FUNCTION public.without_words(message jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT CASE WHEN jsonb_typeof(message) = 'object'
              THEN (message - ARRAY['metadata', 'quotedMessage']) || '{"content": {"type": "text", "text": ""}}'
              ELSE message END
$function$;

CREATE TABLE agent (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  external_id text,
  role text NOT NULL,
  active boolean NOT NULL,
  profile jsonb NOT NULL,
  presence jsonb NOT NULL,
  work jsonb DEFAULT '[]'::jsonb NOT NULL,
  seq bigint DEFAULT 0 NOT NULL,
  status text NOT NULL,
  offerable boolean NOT NULL,
  teams text[] NOT NULL,
  skills text[] NOT NULL,
  primary_used double precision NOT NULL,
  primary_limit double precision NOT NULL,
  open_items integer NOT NULL,
  capacity jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT agent_pkey PRIMARY KEY (id),
  CONSTRAINT agent_of_app UNIQUE (app_id, id),
  CONSTRAINT agent_role_check CHECK ((role = ANY (ARRAY['agent'::text, 'supervisor'::text, 'admin'::text]))),
  CONSTRAINT agent_status_check CHECK ((status = ANY (ARRAY['online'::text, 'busy'::text, 'away'::text, 'offline'::text]))),
  CONSTRAINT agent_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX agent_external ON agent USING btree (app_id, external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX agent_offerable ON agent USING btree (app_id, id) WHERE offerable;
ALTER TABLE agent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON agent USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY auth_select ON agent FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@auth}'::text));
CREATE POLICY cursors_select ON agent FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY migration ON agent USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY routing_select ON agent FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@routing}'::text));

CREATE TABLE agent_departure (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  agent_id entity_id NOT NULL,
  work_item_id entity_id NOT NULL,
  session_id entity_id NOT NULL,
  conversation_id entity_id NOT NULL,
  what text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT agent_departure_pkey PRIMARY KEY (id),
  CONSTRAINT agent_departure_work_item_id_what_key UNIQUE (work_item_id, what),
  CONSTRAINT agent_departure_what_check CHECK ((what = ANY (ARRAY['detach'::text, 'end'::text]))),
  CONSTRAINT agent_departure_app_id_agent_id_fkey FOREIGN KEY (app_id, agent_id) REFERENCES agent(app_id, id) ON DELETE CASCADE
);
CREATE INDEX agent_departure_of_agent ON agent_departure USING btree (agent_id);
ALTER TABLE agent_departure ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON agent_departure USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY migration ON agent_departure USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY timers_delete ON agent_departure FOR DELETE USING ((current_setting('switchboard.scope'::text, true) = '{@timers}'::text));
CREATE POLICY timers_select ON agent_departure FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@timers}'::text));

CREATE TABLE agent_timer (
  id entity_id NOT NULL,
  agent_id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  due_at timestamp with time zone NOT NULL,
  CONSTRAINT agent_timer_pkey PRIMARY KEY (id),
  CONSTRAINT agent_timer_agent_id_kind_subject_key UNIQUE (agent_id, kind, subject),
  CONSTRAINT agent_timer_kind_check CHECK ((kind = ANY (ARRAY['agentGrace'::text, 'afterWork'::text, 'silence'::text]))),
  CONSTRAINT agent_timer_app_id_agent_id_fkey FOREIGN KEY (app_id, agent_id) REFERENCES agent(app_id, id) ON DELETE CASCADE
);
CREATE INDEX agent_timer_due ON agent_timer USING btree (due_at);
ALTER TABLE agent_timer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON agent_timer USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY migration ON agent_timer USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY timers_delete ON agent_timer FOR DELETE USING ((current_setting('switchboard.scope'::text, true) = '{@timers}'::text));
CREATE POLICY timers_select ON agent_timer FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@timers}'::text));

CREATE TABLE agreement (
  name text COLLATE "C" NOT NULL,
  value text NOT NULL,
  CONSTRAINT agreement_pkey PRIMARY KEY (name)
);

CREATE TABLE api_key (
  id text COLLATE "C" NOT NULL,
  scope text NOT NULL,
  app_id entity_id,
  integration_id entity_id,
  display_name text NOT NULL,
  secret bytea NOT NULL,
  created_at timestamp with time zone NOT NULL,
  agent_id entity_id,
  grants text[] DEFAULT '{full}'::text[] NOT NULL,
  CONSTRAINT api_key_pkey PRIMARY KEY (id),
  CONSTRAINT api_key_check CHECK (((scope = 'account'::text) = (app_id IS NULL))),
  CONSTRAINT api_key_check1 CHECK (((scope = 'integration'::text) = (integration_id IS NOT NULL))),
  CONSTRAINT api_key_grants_check CHECK ((cardinality(grants) > 0)),
  CONSTRAINT api_key_grants_of_app CHECK (((scope = 'app'::text) OR (grants = '{full}'::text[]))),
  CONSTRAINT api_key_of_one_agent CHECK (((scope = 'agent'::text) = (agent_id IS NOT NULL))),
  CONSTRAINT api_key_scope_check CHECK ((scope = ANY (ARRAY['account'::text, 'app'::text, 'integration'::text, 'agent'::text]))),
  CONSTRAINT api_key_app_id_agent_id_fkey FOREIGN KEY (app_id, agent_id) REFERENCES agent(app_id, id) ON DELETE CASCADE,
  CONSTRAINT api_key_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  CONSTRAINT api_key_app_id_integration_id_fkey FOREIGN KEY (app_id, integration_id) REFERENCES integration(app_id, id) ON DELETE CASCADE
);
CREATE INDEX api_key_of_agent ON api_key USING btree (agent_id) WHERE (agent_id IS NOT NULL);
CREATE INDEX api_key_of_app ON api_key USING btree (app_id);
CREATE INDEX api_key_of_integration ON api_key USING btree (integration_id);
ALTER TABLE api_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account ON api_key USING (((app_id IS NULL) AND (current_setting('switchboard.scope'::text, true) = '{@account}'::text)));
CREATE POLICY app ON api_key USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY auth_select ON api_key FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@auth}'::text));
CREATE POLICY migration ON api_key USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE app (
  id entity_id NOT NULL,
  display_name text NOT NULL,
  settings jsonb DEFAULT '{}'::jsonb NOT NULL,
  metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
  config_version bigint DEFAULT 1 NOT NULL,
  created_at timestamp with time zone NOT NULL,
  removed_at timestamp with time zone,
  names_ahead text[] DEFAULT '{}'::text[] NOT NULL,
  CONSTRAINT app_pkey PRIMARY KEY (id)
);
ALTER TABLE app ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_select ON app FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@account}'::text));
CREATE POLICY app ON app USING (((id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY auth_select ON app FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@auth}'::text));
CREATE POLICY consumers_select ON app FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@consumers}'::text));
CREATE POLICY migration ON app USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY routing_select ON app FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@routing}'::text));

CREATE TABLE app_user (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  external_id text,
  authenticated boolean DEFAULT false NOT NULL,
  signed_up_at timestamp with time zone NOT NULL,
  to_be_retained boolean DEFAULT false NOT NULL,
  profile jsonb DEFAULT '{}'::jsonb NOT NULL,
  metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL,
  email text,
  identities jsonb DEFAULT '[]'::jsonb NOT NULL,
  told bigint DEFAULT 0 NOT NULL,
  CONSTRAINT app_user_pkey PRIMARY KEY (id),
  CONSTRAINT app_user_of_app UNIQUE (app_id, id),
  CONSTRAINT app_user_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE
);
CREATE INDEX app_user_email ON app_user USING btree (app_id, email) WHERE (email IS NOT NULL);
CREATE UNIQUE INDEX app_user_external ON app_user USING btree (app_id, external_id) WHERE (external_id IS NOT NULL);
CREATE TRIGGER app_user_email BEFORE INSERT OR UPDATE OF identities ON app_user FOR EACH ROW EXECUTE FUNCTION email_of_user();
ALTER TABLE app_user ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON app_user USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY migration ON app_user USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE audit_chain (
  app_id entity_id NOT NULL,
  last_number bigint NOT NULL,
  last_hash bytea NOT NULL,
  CONSTRAINT audit_chain_pkey PRIMARY KEY (app_id)
);
ALTER TABLE audit_chain ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON audit_chain USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY audit_select ON audit_chain FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@audit}'::text));
CREATE POLICY migration ON audit_chain USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE audit_entry (
  app_id entity_id NOT NULL,
  number bigint NOT NULL,
  id entity_id NOT NULL,
  at timestamp with time zone NOT NULL,
  actor_type text NOT NULL,
  key_id text COLLATE "C",
  agent_id entity_id,
  request_id text,
  action text NOT NULL,
  subject text NOT NULL,
  before jsonb,
  after jsonb,
  hash bytea NOT NULL,
  CONSTRAINT audit_entry_pkey PRIMARY KEY (app_id, number),
  CONSTRAINT audit_entry_id_key UNIQUE (id),
  CONSTRAINT audit_entry_actor_type_check CHECK ((actor_type = ANY (ARRAY['account'::text, 'app'::text, 'integration'::text, 'agent'::text, 'system'::text]))),
  CONSTRAINT audit_entry_number_check CHECK ((number > 0))
);
CREATE INDEX audit_entry_of_action ON audit_entry USING btree (app_id, action, number);
CREATE INDEX audit_entry_of_agent ON audit_entry USING btree (app_id, agent_id, number);
CREATE INDEX audit_entry_of_key ON audit_entry USING btree (app_id, key_id, number);
CREATE INDEX audit_entry_of_subject ON audit_entry USING btree (app_id, subject, number);
CREATE INDEX audit_entry_of_time ON audit_entry USING btree (app_id, at);
CREATE TRIGGER audit_entry_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_stays;
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON audit_entry USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY audit_select ON audit_entry FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@audit}'::text));
CREATE POLICY cursors_select ON audit_entry FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY migration ON audit_entry USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE consumed_event (
  consumer text NOT NULL,
  event_id entity_id NOT NULL,
  consumed_at timestamp with time zone NOT NULL,
  CONSTRAINT consumed_event_pkey PRIMARY KEY (consumer, event_id)
);
CREATE INDEX consumed_event_at ON consumed_event USING btree (consumed_at);

CREATE TABLE conversation (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  user_id entity_id,
  type text NOT NULL,
  is_default boolean DEFAULT false NOT NULL,
  display_name text,
  description text,
  icon_url text,
  metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
  seq bigint NOT NULL,
  control_epoch bigint NOT NULL,
  state jsonb NOT NULL,
  business_last_read timestamp with time zone,
  last_updated_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT conversation_pkey PRIMARY KEY (id),
  CONSTRAINT conversation_type_check CHECK ((type = ANY (ARRAY['personal'::text, 'sdkGroup'::text])))
) WITH (fillfactor=80);
CREATE UNIQUE INDEX conversation_default_of_user ON conversation USING btree (user_id) WHERE is_default;
CREATE INDEX conversation_of_app ON conversation USING btree (app_id, id);
ALTER TABLE conversation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON conversation USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY cursors_select ON conversation FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY lanes_select ON conversation FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@lanes}'::text));
CREATE POLICY migration ON conversation USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY routing_select ON conversation FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@routing}'::text));
CREATE POLICY routing_update ON conversation FOR UPDATE USING ((current_setting('switchboard.scope'::text, true) = '{@routing}'::text));

CREATE TABLE crossed_work (
  subject entity_id NOT NULL,
  agent_id entity_id NOT NULL,
  what text NOT NULL,
  app_id entity_id NOT NULL,
  agent_app_id entity_id,
  session_id entity_id NOT NULL,
  conversation_id entity_id NOT NULL,
  was jsonb,
  found_at timestamp with time zone DEFAULT now() NOT NULL,
  told_at timestamp with time zone,
  CONSTRAINT crossed_work_pkey PRIMARY KEY (subject, agent_id, what),
  CONSTRAINT crossed_work_what_check CHECK ((what = ANY (ARRAY['work'::text, 'observer'::text])))
);
CREATE INDEX crossed_work_untold ON crossed_work USING btree (found_at) WHERE (told_at IS NULL);
ALTER TABLE crossed_work ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON crossed_work USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY migration ON crossed_work USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY timers_select ON crossed_work FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@timers}'::text));

CREATE TABLE delivery (
  id entity_id NOT NULL,
  partition smallint NOT NULL,
  app_id entity_id NOT NULL,
  webhook_id entity_id NOT NULL,
  lane entity_id NOT NULL,
  position bigint NOT NULL,
  event_id entity_id NOT NULL,
  trigger text NOT NULL,
  body text NOT NULL,
  attempts smallint DEFAULT 0 NOT NULL,
  first_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  next_at timestamp with time zone NOT NULL,
  done_at timestamp with time zone,
  outcome text,
  last_error text,
  CONSTRAINT delivery_pkey PRIMARY KEY (id)
);
CREATE INDEX delivery_done ON delivery USING btree (done_at) WHERE (done_at IS NOT NULL);
CREATE INDEX delivery_kept ON delivery USING btree (lane) WHERE (done_at IS NOT NULL);
CREATE INDEX delivery_of_webhook ON delivery USING btree (webhook_id, id);
CREATE INDEX delivery_undone ON delivery USING btree (partition, webhook_id, lane, "position") WHERE (done_at IS NULL);
ALTER TABLE delivery ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON delivery USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY cursors_select ON delivery FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY lanes ON delivery USING ((current_setting('switchboard.scope'::text, true) = '{@lanes}'::text));
CREATE POLICY migration ON delivery USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE event (
  conversation_id entity_id NOT NULL,
  seq bigint NOT NULL,
  id entity_id NOT NULL,
  type text NOT NULL,
  at timestamp with time zone NOT NULL,
  control_epoch bigint NOT NULL,
  data jsonb NOT NULL,
  left_user text COLLATE "C",
  app_id entity_id,
  CONSTRAINT event_pkey PRIMARY KEY (conversation_id, seq)
);
CREATE INDEX event_of_leaving ON event USING btree (left_user) WHERE (left_user IS NOT NULL);
CREATE TRIGGER event_leaving BEFORE INSERT ON event FOR EACH ROW WHEN ((new.type = 'participantLeft'::text)) EXECUTE FUNCTION who_left();
ALTER TABLE event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON event USING ((NOT is_of_others((conversation_id)::text))) WITH CHECK ((( CASE WHEN (app_id IS NULL) THEN ( SELECT c.app_id FROM conversation c WHERE ((c.id)::text = (event.conversation_id)::text)) ELSE app_id END)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY migration ON event USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE former_webhook (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  integration_id entity_id NOT NULL,
  gone_at timestamp with time zone NOT NULL,
  CONSTRAINT former_webhook_pkey PRIMARY KEY (id),
  CONSTRAINT former_webhook_app_id_integration_id_fkey FOREIGN KEY (app_id, integration_id) REFERENCES integration(app_id, id) ON DELETE CASCADE
);
CREATE INDEX former_webhook_of_integration ON former_webhook USING btree (app_id, integration_id);
ALTER TABLE former_webhook ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON former_webhook USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY migration ON former_webhook USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE holder_watch (
  delivery_id entity_id NOT NULL,
  partition smallint NOT NULL,
  role text NOT NULL,
  mark bigint NOT NULL,
  since timestamp with time zone NOT NULL,
  due_at timestamp with time zone NOT NULL,
  CONSTRAINT holder_watch_pkey PRIMARY KEY (delivery_id),
  CONSTRAINT holder_watch_role_check CHECK ((role = ANY (ARRAY['active'::text, 'pending'::text])))
);
CREATE INDEX holder_watch_due ON holder_watch USING btree (due_at);
ALTER TABLE holder_watch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY lanes ON holder_watch USING ((current_setting('switchboard.scope'::text, true) = '{@lanes}'::text));
CREATE POLICY migration ON holder_watch USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE idempotency (
  key bytea NOT NULL,
  fingerprint bytea NOT NULL,
  answer bytea NOT NULL,
  created_at timestamp with time zone NOT NULL,
  about entity_id,
  CONSTRAINT idempotency_pkey PRIMARY KEY (key)
);
CREATE INDEX idempotency_about ON idempotency USING btree (about) WHERE (about IS NOT NULL);
CREATE INDEX idempotency_created ON idempotency USING btree (created_at);
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY forgetting_delete ON idempotency FOR DELETE USING ((current_setting('switchboard.scope'::text, true) = '{@forgetting}'::text));
CREATE POLICY forgetting_select ON idempotency FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@forgetting}'::text));
CREATE POLICY keyed ON idempotency USING ((current_setting('switchboard.scope'::text, true) ~~ '{_%}'::text));
CREATE POLICY migration ON idempotency USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE integration (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  type text NOT NULL,
  status text DEFAULT 'active'::text NOT NULL,
  display_name text,
  default_responder_id entity_id,
  created_at timestamp with time zone NOT NULL,
  was_linked boolean DEFAULT false NOT NULL,
  settings jsonb DEFAULT '{}'::jsonb NOT NULL,
  CONSTRAINT integration_pkey PRIMARY KEY (id),
  CONSTRAINT integration_of_app UNIQUE (app_id, id),
  CONSTRAINT integration_status_check CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text, 'error'::text]))),
  CONSTRAINT integration_app_id_default_responder_id_fkey FOREIGN KEY (app_id, default_responder_id) REFERENCES switchboard_integration(app_id, id),
  CONSTRAINT integration_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE
);
ALTER TABLE integration ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON integration USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY cursors_select ON integration FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY migration ON integration USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE lease (
  partition smallint NOT NULL,
  owner text,
  fence bigint DEFAULT 0 NOT NULL,
  expires_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
  CONSTRAINT lease_pkey PRIMARY KEY (partition)
);

CREATE TABLE link_request (
  digest bytea NOT NULL,
  app_id entity_id NOT NULL,
  user_id entity_id NOT NULL,
  channel_id entity_id NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  confirmed_at timestamp with time zone,
  CONSTRAINT link_request_pkey PRIMARY KEY (digest),
  CONSTRAINT link_request_app_id_channel_id_fkey FOREIGN KEY (app_id, channel_id) REFERENCES service_channel(app_id, id) ON DELETE CASCADE,
  CONSTRAINT link_request_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  CONSTRAINT link_request_app_id_user_id_fkey FOREIGN KEY (app_id, user_id) REFERENCES app_user(app_id, id) ON DELETE CASCADE
);
CREATE INDEX link_request_expires ON link_request USING btree (expires_at);
CREATE INDEX link_request_of_app ON link_request USING btree (app_id);
CREATE INDEX link_request_of_channel ON link_request USING btree (channel_id);
CREATE INDEX link_request_of_user ON link_request USING btree (user_id);
ALTER TABLE link_request ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON link_request USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY migration ON link_request USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE message (
  conversation_id entity_id NOT NULL,
  seq bigint NOT NULL,
  id entity_id NOT NULL,
  received_at timestamp with time zone NOT NULL,
  author_type text NOT NULL,
  body jsonb NOT NULL,
  app_id entity_id,
  CONSTRAINT message_pkey PRIMARY KEY (conversation_id, seq),
  CONSTRAINT message_author_type_check CHECK ((author_type = ANY (ARRAY['user'::text, 'business'::text])))
);
ALTER TABLE message ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON message USING ((NOT is_of_others((conversation_id)::text))) WITH CHECK ((( CASE WHEN (app_id IS NULL) THEN ( SELECT c.app_id FROM conversation c WHERE ((c.id)::text = (message.conversation_id)::text)) ELSE app_id END)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY migration ON message USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE outbox (
  partition smallint NOT NULL,
  conversation_id entity_id NOT NULL,
  seq bigint NOT NULL,
  event_id entity_id NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  published_at timestamp with time zone,
  stream_seq bigint
) PARTITION BY RANGE (created_at);
CREATE INDEX outbox_stream_seq ON outbox USING btree (stream_seq) WHERE (stream_seq IS NOT NULL);
CREATE INDEX outbox_unpublished ON outbox USING btree (partition, conversation_id, seq) WHERE (published_at IS NULL);
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY announce ON outbox FOR INSERT WITH CHECK ((current_setting('switchboard.scope'::text, true) ~~ '{_%}'::text));
CREATE POLICY migration ON outbox USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY relay ON outbox USING ((current_setting('switchboard.scope'::text, true) = '{@relay}'::text));
CREATE POLICY remove ON outbox FOR DELETE USING ( CASE WHEN (current_setting('switchboard.scope'::text, true) ~~ '{@%'::text) THEN false ELSE ((( SELECT c.app_id FROM conversation c WHERE ((c.id)::text = (outbox.conversation_id)::text)))::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])) END);
CREATE POLICY see ON outbox FOR SELECT USING ( CASE WHEN (current_setting('switchboard.scope'::text, true) ~~ '{@%'::text) THEN false ELSE ((( SELECT c.app_id FROM conversation c WHERE ((c.id)::text = (outbox.conversation_id)::text)))::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])) END);

CREATE TABLE outbox_default PARTITION OF outbox DEFAULT;
ALTER TABLE outbox_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY migration ON outbox_default USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY relay ON outbox_default USING ((current_setting('switchboard.scope'::text, true) = '{@relay}'::text));

CREATE TABLE participant (
  id entity_id NOT NULL,
  conversation_id entity_id NOT NULL,
  user_id entity_id NOT NULL,
  last_read_seq bigint DEFAULT 0 NOT NULL,
  last_read_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT participant_pkey PRIMARY KEY (id),
  CONSTRAINT participant_conversation_id_user_id_key UNIQUE (conversation_id, user_id),
  CONSTRAINT participant_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id) ON DELETE CASCADE
);
CREATE INDEX participant_of_user ON participant USING btree (user_id, conversation_id);
ALTER TABLE participant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON participant USING (((( SELECT c.app_id FROM conversation c WHERE ((c.id)::text = (participant.conversation_id)::text)))::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[]))) WITH CHECK (((( SELECT c.app_id FROM conversation c WHERE ((c.id)::text = (participant.conversation_id)::text)))::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY cursors_select ON participant FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY migration ON participant USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE process (
  id text NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  settings jsonb DEFAULT '{}'::jsonb NOT NULL,
  CONSTRAINT process_pkey PRIMARY KEY (id)
);

CREATE TABLE queue (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  name text NOT NULL,
  teams text[] DEFAULT '{}'::text[] NOT NULL,
  skills text[] DEFAULT '{}'::text[] NOT NULL,
  asked_first text[] NOT NULL,
  weight double precision,
  push_timeout_seconds integer,
  auto_accept boolean DEFAULT false NOT NULL,
  wait_seconds integer,
  most_waiting integer,
  hours jsonb,
  overflow_to text DEFAULT 'none'::text NOT NULL,
  overflow_queue_id entity_id,
  overflow_bot text,
  check_on_return boolean DEFAULT false NOT NULL,
  takes_transfers boolean DEFAULT true NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT queue_pkey PRIMARY KEY (id),
  CONSTRAINT queue_app_id_name_key UNIQUE (app_id, name),
  CONSTRAINT queue_of_app UNIQUE (app_id, id),
  CONSTRAINT queue_asked_first_check CHECK (((cardinality(asked_first) >= 1) AND (cardinality(asked_first) <= 4))),
  CONSTRAINT queue_check CHECK (((overflow_to = 'queue'::text) = (overflow_queue_id IS NOT NULL))),
  CONSTRAINT queue_check1 CHECK (((overflow_to = 'bot'::text) = (overflow_bot IS NOT NULL))),
  CONSTRAINT queue_most_waiting_check CHECK ((most_waiting >= 0)),
  CONSTRAINT queue_overflow_to_check CHECK ((overflow_to = ANY (ARRAY['none'::text, 'queue'::text, 'bot'::text, 'end'::text]))),
  CONSTRAINT queue_push_timeout_seconds_check CHECK ((push_timeout_seconds > 0)),
  CONSTRAINT queue_wait_seconds_check CHECK ((wait_seconds > 0)),
  CONSTRAINT queue_weight_check CHECK ((weight >= (0)::double precision)),
  CONSTRAINT queue_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  CONSTRAINT queue_app_id_overflow_queue_id_fkey FOREIGN KEY (app_id, overflow_queue_id) REFERENCES queue(app_id, id)
);
ALTER TABLE queue ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON queue USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY cursors_select ON queue FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY migration ON queue USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY routing_select ON queue FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@routing}'::text));

CREATE TABLE refusal (
  conversation_id entity_id NOT NULL,
  id entity_id NOT NULL,
  at timestamp with time zone NOT NULL,
  seq bigint NOT NULL,
  control_epoch bigint NOT NULL,
  reason text NOT NULL,
  data jsonb NOT NULL,
  CONSTRAINT refusal_pkey PRIMARY KEY (conversation_id, id)
);
ALTER TABLE refusal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON refusal USING ((NOT is_of_others((conversation_id)::text))) WITH CHECK (((( SELECT c.app_id FROM conversation c WHERE ((c.id)::text = (refusal.conversation_id)::text)))::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY migration ON refusal USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE removal (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  kind text NOT NULL,
  subject entity_id NOT NULL,
  grounds text[] NOT NULL,
  stage text NOT NULL,
  stage_since timestamp with time zone NOT NULL,
  place entity_id DEFAULT ''::text NOT NULL,
  total bigint,
  looked_at bigint DEFAULT 0 NOT NULL,
  settled bigint DEFAULT 0 NOT NULL,
  failed bigint DEFAULT 0 NOT NULL,
  started_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  next_at timestamp with time zone NOT NULL,
  fence bigint DEFAULT 0 NOT NULL,
  CONSTRAINT removal_pkey PRIMARY KEY (id),
  CONSTRAINT removal_kind_check CHECK ((kind = ANY (ARRAY['switchboardIntegration'::text, 'integration'::text, 'switchboard'::text, 'queue'::text, 'serviceChannel'::text, 'app'::text]))),
  CONSTRAINT removal_stage_check CHECK ((stage = ANY (ARRAY['conversations'::text, 'sessions'::text, 'announcing'::text, 'contents'::text, 'done'::text])))
);
CREATE INDEX removal_of_app ON removal USING btree (app_id, id);
CREATE INDEX removal_open ON removal USING btree (next_at) WHERE (finished_at IS NULL);
ALTER TABLE removal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_select ON removal FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@account}'::text));
CREATE POLICY app ON removal USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY cursors_select ON removal FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY migration ON removal USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY removals_delete ON removal FOR DELETE USING ((current_setting('switchboard.scope'::text, true) = '{@removals}'::text));
CREATE POLICY removals_select ON removal FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@removals}'::text));
CREATE POLICY removals_update ON removal FOR UPDATE USING ((current_setting('switchboard.scope'::text, true) = '{@removals}'::text));

CREATE TABLE routing_conversation (
  conversation_id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  holder_id entity_id,
  session_open boolean NOT NULL,
  holder_seq bigint NOT NULL,
  session_seq bigint NOT NULL,
  CONSTRAINT routing_conversation_pkey PRIMARY KEY (conversation_id)
);
CREATE INDEX routing_conversation_of_app ON routing_conversation USING btree (app_id, holder_id) WHERE session_open;
ALTER TABLE routing_conversation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON routing_conversation USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY consumers ON routing_conversation USING ((current_setting('switchboard.scope'::text, true) = '{@consumers}'::text));
CREATE POLICY migration ON routing_conversation USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE routing_ended (
  session_id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  conversation_id entity_id NOT NULL,
  ended_by text NOT NULL,
  end_reason text NOT NULL,
  ended_at timestamp with time zone NOT NULL,
  CONSTRAINT routing_ended_pkey PRIMARY KEY (session_id)
);
CREATE INDEX routing_ended_of_app ON routing_ended USING btree (app_id, session_id);
ALTER TABLE routing_ended ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON routing_ended USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY consumers ON routing_ended USING ((current_setting('switchboard.scope'::text, true) = '{@consumers}'::text));
CREATE POLICY migration ON routing_ended USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE schema_migration (
  version integer NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT schema_migration_pkey PRIMARY KEY (version)
);

CREATE TABLE service_channel (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  tier text NOT NULL,
  is_default boolean DEFAULT false NOT NULL,
  capacity_model text NOT NULL,
  weight double precision NOT NULL,
  percent double precision,
  paused_weight double precision NOT NULL,
  interruptible boolean NOT NULL,
  bucket text NOT NULL,
  count_inactive boolean NOT NULL,
  after_work jsonb,
  customer_inactivity_seconds integer,
  opt_in text NOT NULL,
  end_user_end boolean,
  queue_id entity_id,
  no_response_seconds integer,
  agent_ended_as text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT service_channel_pkey PRIMARY KEY (id),
  CONSTRAINT service_channel_app_id_name_key UNIQUE (app_id, name),
  CONSTRAINT service_channel_of_app UNIQUE (app_id, id),
  CONSTRAINT service_channel_agent_ended_as_check CHECK ((agent_ended_as = ANY (ARRAY['messaging'::text, 'email'::text]))),
  CONSTRAINT service_channel_bucket_check CHECK ((bucket = ANY (ARRAY['messaging'::text, 'email'::text, 'voice'::text]))),
  CONSTRAINT service_channel_capacity_model_check CHECK ((capacity_model = ANY (ARRAY['tab_based'::text, 'status_based'::text]))),
  CONSTRAINT service_channel_customer_inactivity_seconds_check CHECK (((customer_inactivity_seconds >= 1) AND (customer_inactivity_seconds <= 1800))),
  CONSTRAINT service_channel_kind_check CHECK ((kind = ANY (ARRAY['web_widget'::text, 'in_app'::text, 'byoc'::text, 'whatsapp'::text, 'apple'::text, 'line'::text, 'facebook'::text, 'sms'::text]))),
  CONSTRAINT service_channel_no_response_seconds_check CHECK ((no_response_seconds > 0)),
  CONSTRAINT service_channel_opt_in_check CHECK ((opt_in = ANY (ARRAY['none'::text, 'explicit'::text]))),
  CONSTRAINT service_channel_paused_weight_check CHECK ((paused_weight >= (0)::double precision)),
  CONSTRAINT service_channel_percent_check CHECK (((percent >= (0)::double precision) AND (percent <= (100)::double precision))),
  CONSTRAINT service_channel_tier_check CHECK ((tier = ANY (ARRAY['standard'::text, 'enhanced'::text]))),
  CONSTRAINT service_channel_weight_check CHECK ((weight >= (0)::double precision)),
  CONSTRAINT service_channel_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  CONSTRAINT service_channel_app_id_queue_id_fkey FOREIGN KEY (app_id, queue_id) REFERENCES queue(app_id, id)
);
CREATE UNIQUE INDEX service_channel_default ON service_channel USING btree (app_id) WHERE is_default;
ALTER TABLE service_channel ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON service_channel USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY cursors_select ON service_channel FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY migration ON service_channel USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE session (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  conversation_id entity_id NOT NULL,
  user_id entity_id,
  status text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  data jsonb NOT NULL,
  agents text[] COLLATE "C" DEFAULT '{}'::text[] NOT NULL,
  guests text[] COLLATE "C" DEFAULT '{}'::text[] NOT NULL,
  owner text COLLATE "C",
  queue_id text COLLATE "C",
  CONSTRAINT session_pkey PRIMARY KEY (id),
  CONSTRAINT session_of_app UNIQUE (app_id, id)
);
CREATE INDEX session_live ON session USING btree (app_id, user_id) WHERE (ended_at IS NULL);
CREATE INDEX session_of_conversation ON session USING btree (conversation_id);
CREATE INDEX session_of_owner ON session USING btree (app_id, owner, id) WHERE (ended_at IS NULL);
CREATE INDEX session_of_queue ON session USING btree (app_id, queue_id, id) WHERE (ended_at IS NULL);
CREATE INDEX session_of_user ON session USING btree (app_id, user_id, id);
CREATE INDEX session_once_of_queue ON session USING btree (app_id, queue_id, id) WHERE (queue_id IS NOT NULL);
CREATE INDEX session_waiting ON session USING btree (id) WHERE (status = 'WAITING'::text);
CREATE TRIGGER session_agents AFTER INSERT OR UPDATE OF agents, guests ON session FOR EACH ROW WHEN (((new.agents <> '{}'::text[]) OR (new.guests <> '{}'::text[]))) EXECUTE FUNCTION agents_of_session();
ALTER TABLE session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON session USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY cursors_select ON session FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY migration ON session USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY routing_select ON session FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@routing}'::text));

CREATE TABLE session_agent (
  app_id entity_id NOT NULL,
  agent_id entity_id NOT NULL,
  session_id entity_id NOT NULL,
  CONSTRAINT session_agent_pkey PRIMARY KEY (app_id, agent_id, session_id),
  CONSTRAINT session_agent_app_id_session_id_fkey FOREIGN KEY (app_id, session_id) REFERENCES session(app_id, id) ON DELETE CASCADE
);
CREATE INDEX session_agent_of_session ON session_agent USING btree (app_id, session_id);
ALTER TABLE session_agent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON session_agent USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY migration ON session_agent USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE solved_ticket (
  session_id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  solved_at timestamp with time zone NOT NULL,
  CONSTRAINT solved_ticket_pkey PRIMARY KEY (session_id)
);
ALTER TABLE solved_ticket ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON solved_ticket USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY consumers ON solved_ticket USING ((current_setting('switchboard.scope'::text, true) = '{@consumers}'::text));
CREATE POLICY migration ON solved_ticket USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE stream_mark (
  stream text NOT NULL,
  created text NOT NULL,
  last_seq bigint NOT NULL,
  generation bigint DEFAULT 1 NOT NULL,
  marked_at timestamp with time zone NOT NULL,
  CONSTRAINT stream_mark_pkey PRIMARY KEY (stream)
);

CREATE TABLE survey (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  conversation_id entity_id NOT NULL,
  session_id entity_id NOT NULL,
  user_id entity_id,
  status text NOT NULL,
  kind text,
  suppressed_because text,
  channel_hint text NOT NULL,
  ended_by text NOT NULL,
  end_reason text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  send_at timestamp with time zone,
  sent_at timestamp with time zone,
  expires_at timestamp with time zone,
  answered_at timestamp with time zone,
  asking jsonb,
  form_id entity_id,
  answer_id entity_id,
  answered_by entity_id,
  score smallint,
  comment text,
  agent_id text,
  team_id text,
  queue_id text,
  CONSTRAINT survey_pkey PRIMARY KEY (id),
  CONSTRAINT survey_session_id_key UNIQUE (session_id),
  CONSTRAINT survey_comment_check CHECK ((length(comment) <= 1000)),
  CONSTRAINT survey_status_check CHECK (((status = 'suppressed'::text) OR ((status = 'due'::text) AND (send_at IS NOT NULL) AND (asking IS NOT NULL)) OR ((status = 'sent'::text) AND (sent_at IS NOT NULL) AND (expires_at IS NOT NULL)) OR ((status = ANY (ARRAY['offered'::text, 'expired'::text])) AND (expires_at IS NOT NULL)) OR ((status = 'answered'::text) AND (answered_at IS NOT NULL) AND (score IS NOT NULL))))
);
CREATE INDEX survey_answered ON survey USING btree (app_id, answered_at) WHERE (status = 'answered'::text);
CREATE INDEX survey_due ON survey USING btree (send_at) WHERE (status = 'due'::text);
CREATE INDEX survey_of_agent ON survey USING btree (app_id, agent_id, id);
CREATE INDEX survey_of_app ON survey USING btree (app_id, id);
CREATE INDEX survey_of_author ON survey USING btree (answered_by) WHERE (comment IS NOT NULL);
CREATE INDEX survey_of_conversation ON survey USING btree (conversation_id);
CREATE INDEX survey_of_status ON survey USING btree (app_id, status, id);
CREATE INDEX survey_open ON survey USING btree (expires_at) WHERE (status = ANY (ARRAY['sent'::text, 'offered'::text]));
ALTER TABLE survey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON survey USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY consumers ON survey USING ((current_setting('switchboard.scope'::text, true) = '{@consumers}'::text));
CREATE POLICY csat_select ON survey FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@csat}'::text));
CREATE POLICY csat_update ON survey FOR UPDATE USING ((current_setting('switchboard.scope'::text, true) = '{@csat}'::text));
CREATE POLICY cursors_select ON survey FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY migration ON survey USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY "surveyLink_select" ON survey FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@surveyLink}'::text));

CREATE TABLE switchboard (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  enabled boolean DEFAULT false NOT NULL,
  default_id entity_id,
  control_enforcement text DEFAULT 'strict'::text NOT NULL,
  offer_expiry_seconds integer,
  created_at timestamp with time zone NOT NULL,
  fail_over_note text DEFAULT 'One moment please, you are being connected to someone else.'::text,
  parting_seconds integer DEFAULT 10 NOT NULL,
  outsiders text DEFAULT 'allow'::text NOT NULL,
  hand_off_limit integer DEFAULT 20 NOT NULL,
  CONSTRAINT switchboard_pkey PRIMARY KEY (id),
  CONSTRAINT switchboard_app_id_key UNIQUE (app_id),
  CONSTRAINT switchboard_of_app UNIQUE (app_id, id),
  CONSTRAINT switchboard_control_enforcement_check CHECK ((control_enforcement = ANY (ARRAY['strict'::text, 'warn'::text, 'off'::text]))),
  CONSTRAINT switchboard_hand_off_limit_check CHECK (((hand_off_limit >= 0) AND (hand_off_limit <= 1000))),
  CONSTRAINT switchboard_outsiders_check CHECK ((outsiders = ANY (ARRAY['allow'::text, 'refuse'::text]))),
  CONSTRAINT switchboard_parting_seconds_check CHECK (((parting_seconds >= 0) AND (parting_seconds <= 300))),
  CONSTRAINT switchboard_app_id_default_id_fkey FOREIGN KEY (app_id, default_id) REFERENCES switchboard_integration(app_id, id),
  CONSTRAINT switchboard_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE
);
ALTER TABLE switchboard ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON switchboard USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY lanes_select ON switchboard FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@lanes}'::text));
CREATE POLICY migration ON switchboard USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE switchboard_integration (
  id entity_id NOT NULL,
  switchboard_id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  name text NOT NULL,
  integration_id entity_id NOT NULL,
  integration_type text NOT NULL,
  kind text DEFAULT 'bot'::text NOT NULL,
  deliver_standby_events boolean DEFAULT true NOT NULL,
  next_id entity_id,
  message_history_count smallint,
  created_at timestamp with time zone NOT NULL,
  holder_deadline_seconds integer DEFAULT 30,
  reply_deadline_seconds integer,
  reply_deadline_action text DEFAULT 'warn'::text NOT NULL,
  CONSTRAINT switchboard_integration_pkey PRIMARY KEY (id),
  CONSTRAINT switchboard_integration_of_app UNIQUE (app_id, id),
  CONSTRAINT switchboard_integration_switchboard_id_integration_id_key UNIQUE (switchboard_id, integration_id),
  CONSTRAINT switchboard_integration_switchboard_id_name_key UNIQUE (switchboard_id, name),
  CONSTRAINT switchboard_integration_holder_deadline_seconds_check CHECK (((holder_deadline_seconds >= 1) AND (holder_deadline_seconds <= 3600))),
  CONSTRAINT switchboard_integration_kind_check CHECK ((kind = ANY (ARRAY['bot'::text, 'agent'::text]))),
  CONSTRAINT switchboard_integration_reply_deadline_action_check CHECK ((reply_deadline_action = ANY (ARRAY['warn'::text, 'failOver'::text]))),
  CONSTRAINT switchboard_integration_reply_deadline_seconds_check CHECK (((reply_deadline_seconds >= 1) AND (reply_deadline_seconds <= 86400))),
  CONSTRAINT switchboard_integration_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  CONSTRAINT switchboard_integration_app_id_integration_id_fkey FOREIGN KEY (app_id, integration_id) REFERENCES integration(app_id, id) ON DELETE CASCADE,
  CONSTRAINT switchboard_integration_app_id_next_id_fkey FOREIGN KEY (app_id, next_id) REFERENCES switchboard_integration(app_id, id),
  CONSTRAINT switchboard_integration_app_id_switchboard_id_fkey FOREIGN KEY (app_id, switchboard_id) REFERENCES switchboard(app_id, id) ON DELETE CASCADE
);
CREATE INDEX switchboard_integration_of_integration ON switchboard_integration USING btree (integration_id);
ALTER TABLE switchboard_integration ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON switchboard_integration USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY cursors_select ON switchboard_integration FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY lanes_select ON switchboard_integration FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@lanes}'::text));
CREATE POLICY migration ON switchboard_integration USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE timer (
  id entity_id NOT NULL,
  conversation_id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  due_at timestamp with time zone NOT NULL,
  CONSTRAINT timer_pkey PRIMARY KEY (id)
);
CREATE INDEX timer_due ON timer USING btree (due_at);
CREATE INDEX timer_of_conversation ON timer USING btree (conversation_id, kind);
ALTER TABLE timer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON timer USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY migration ON timer USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY timers_delete ON timer FOR DELETE USING ((current_setting('switchboard.scope'::text, true) = '{@timers}'::text));
CREATE POLICY timers_select ON timer FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@timers}'::text));

CREATE TABLE waiting (
  session_id entity_id NOT NULL,
  conversation_id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  queue_id entity_id,
  requested_at timestamp with time zone NOT NULL,
  since timestamp with time zone NOT NULL,
  priority smallint NOT NULL,
  skills jsonb NOT NULL,
  load jsonb NOT NULL,
  preferred entity_id,
  last_agent entity_id,
  tried jsonb NOT NULL,
  offered_to entity_id,
  work_item_id entity_id,
  overflowed boolean NOT NULL,
  CONSTRAINT waiting_pkey PRIMARY KEY (session_id)
) WITH (fillfactor=80);
CREATE INDEX waiting_of_queue ON waiting USING btree (app_id, queue_id, requested_at);
CREATE INDEX waiting_offered ON waiting USING btree (queue_id) WHERE (work_item_id IS NOT NULL);
CREATE INDEX waiting_undispatched ON waiting USING btree (app_id, queue_id, priority DESC, requested_at, session_id) INCLUDE (overflowed) WHERE (offered_to IS NULL);
ALTER TABLE waiting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON waiting USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY migration ON waiting USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
CREATE POLICY routing ON waiting USING ((current_setting('switchboard.scope'::text, true) = '{@routing}'::text));

CREATE TABLE webhook (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  integration_id entity_id NOT NULL,
  target text NOT NULL,
  triggers text[] NOT NULL,
  secret bytea NOT NULL,
  include_full_user boolean DEFAULT false NOT NULL,
  include_full_source boolean DEFAULT false NOT NULL,
  created_at timestamp with time zone NOT NULL,
  retry_schedule integer[],
  retry_window_seconds integer,
  CONSTRAINT webhook_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_of_app UNIQUE (app_id, id),
  CONSTRAINT webhook_retry_policy CHECK (((retry_schedule IS NULL) = (retry_window_seconds IS NULL))),
  CONSTRAINT webhook_retry_window_seconds_check CHECK (((retry_window_seconds >= 1) AND (retry_window_seconds <= 259200))),
  CONSTRAINT webhook_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  CONSTRAINT webhook_app_id_integration_id_fkey FOREIGN KEY (app_id, integration_id) REFERENCES integration(app_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_of_integration ON webhook USING btree (integration_id);
ALTER TABLE webhook ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON webhook USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY lanes_select ON webhook FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@lanes}'::text));
CREATE POLICY migration ON webhook USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE webhook_old_secret (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  webhook_id entity_id NOT NULL,
  secret bytea NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT webhook_old_secret_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_old_secret_app_id_webhook_id_fkey FOREIGN KEY (app_id, webhook_id) REFERENCES webhook(app_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_old_secret_expiring ON webhook_old_secret USING btree (expires_at);
CREATE INDEX webhook_old_secret_of_webhook ON webhook_old_secret USING btree (app_id, webhook_id);
ALTER TABLE webhook_old_secret ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON webhook_old_secret USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY lanes_delete ON webhook_old_secret FOR DELETE USING ((current_setting('switchboard.scope'::text, true) = '{@lanes}'::text));
CREATE POLICY lanes_select ON webhook_old_secret FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@lanes}'::text));
CREATE POLICY migration ON webhook_old_secret USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));

CREATE TABLE work_item (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  agent_id entity_id NOT NULL,
  session_id entity_id NOT NULL,
  conversation_id entity_id NOT NULL,
  queue_id entity_id,
  status text NOT NULL,
  closed_because text,
  tab_open boolean NOT NULL,
  automatic boolean NOT NULL,
  load jsonb NOT NULL,
  idle boolean NOT NULL,
  after_work jsonb,
  ticket jsonb,
  offered_at timestamp with time zone,
  opened_at timestamp with time zone,
  closed_at timestamp with time zone,
  notes text,
  draft text,
  CONSTRAINT work_item_pkey PRIMARY KEY (id),
  CONSTRAINT work_item_check CHECK (((status = 'closed'::text) = (closed_because IS NOT NULL))),
  CONSTRAINT work_item_check1 CHECK (((status = 'closed'::text) = (closed_at IS NOT NULL))),
  CONSTRAINT work_item_draft_check CHECK ((length(draft) <= 20000)),
  CONSTRAINT work_item_notes_check CHECK ((length(notes) <= 20000)),
  CONSTRAINT work_item_status_check CHECK ((status = ANY (ARRAY['offered'::text, 'open'::text, 'paused'::text, 'afterWork'::text, 'over'::text, 'closed'::text]))),
  CONSTRAINT work_item_app_id_agent_id_fkey FOREIGN KEY (app_id, agent_id) REFERENCES agent(app_id, id) ON DELETE CASCADE
);
CREATE INDEX work_item_of_agent ON work_item USING btree (agent_id, id);
CREATE INDEX work_item_of_session ON work_item USING btree (session_id);
ALTER TABLE work_item ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app ON work_item USING (((app_id)::text = ANY ((NULLIF(current_setting('switchboard.scope'::text, true), ''::text))::text[])));
CREATE POLICY cursors_select ON work_item FOR SELECT USING ((current_setting('switchboard.scope'::text, true) = '{@cursors}'::text));
CREATE POLICY migration ON work_item USING ((current_setting('switchboard.scope'::text, true) = '{@migration}'::text));
