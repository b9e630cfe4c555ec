-- Written from the catalogs of a freshly migrated database by `npm run schema`; never edited by hand.

CREATE DOMAIN entity_id AS text COLLATE "C";

CREATE TABLE api_key (
  id text COLLATE "C" NOT NULL,
  scope text NOT NULL,
  app_id entity_id,
  integration_id entity_id,
  display_name text NOT NULL,
  secret bytea NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT api_key_pkey PRIMARY KEY (id),
  CONSTRAINT api_key_check CHECK (((scope = 'account'::text) = (app_id IS NULL))),
  CONSTRAINT api_key_check1 CHECK (((scope = 'integration'::text) = (integration_id IS NOT NULL))),
  CONSTRAINT api_key_scope_check CHECK ((scope = ANY (ARRAY['account'::text, 'app'::text, 'integration'::text]))),
  CONSTRAINT api_key_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  CONSTRAINT api_key_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id) ON DELETE CASCADE
);
CREATE INDEX api_key_of_app ON api_key USING btree (app_id);
CREATE INDEX api_key_of_integration ON api_key USING btree (integration_id);

CREATE TABLE app (
  id entity_id NOT NULL,
  display_name text NOT NULL,
  settings jsonb DEFAULT '{}'::jsonb NOT NULL,
  metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
  config_version bigint DEFAULT 1 NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT app_pkey PRIMARY KEY (id)
);

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
  CONSTRAINT app_user_pkey PRIMARY KEY (id),
  CONSTRAINT app_user_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE
);
CREATE INDEX app_user_email ON app_user USING btree (app_id, lower((profile ->> 'email'::text))) WHERE ((profile ->> 'email'::text) IS NOT NULL);
CREATE UNIQUE INDEX app_user_external ON app_user USING btree (app_id, external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX app_user_of_app ON app_user USING btree (app_id, id);

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
CREATE INDEX delivery_of_webhook ON delivery USING btree (webhook_id, id);
CREATE INDEX delivery_undone ON delivery USING btree (partition, webhook_id, lane, "position") WHERE (done_at IS NULL);

CREATE TABLE event (
  conversation_id entity_id NOT NULL,
  seq bigint NOT NULL,
  id entity_id NOT NULL,
  type text NOT NULL,
  at timestamp with time zone NOT NULL,
  control_epoch bigint NOT NULL,
  data jsonb NOT NULL,
  CONSTRAINT event_pkey PRIMARY KEY (conversation_id, seq)
);
CREATE INDEX event_of_leaving ON event USING btree (((data ->> 'userId'::text))) WHERE (type = 'participantLeft'::text);

CREATE TABLE idempotency (
  key bytea NOT NULL,
  fingerprint bytea NOT NULL,
  answer bytea NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT idempotency_pkey PRIMARY KEY (key)
);
CREATE INDEX idempotency_created ON idempotency USING btree (created_at);

CREATE TABLE integration (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  type text NOT NULL,
  status text DEFAULT 'active'::text NOT NULL,
  display_name text,
  default_responder_id entity_id,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT integration_pkey PRIMARY KEY (id),
  CONSTRAINT integration_status_check CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text, 'error'::text]))),
  CONSTRAINT integration_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE
);
CREATE INDEX integration_of_app ON integration USING btree (app_id, id);

CREATE TABLE lease (
  partition smallint NOT NULL,
  owner text,
  fence bigint DEFAULT 0 NOT NULL,
  expires_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
  CONSTRAINT lease_pkey PRIMARY KEY (partition)
);

CREATE TABLE message (
  conversation_id entity_id NOT NULL,
  seq bigint NOT NULL,
  id entity_id NOT NULL,
  received_at timestamp with time zone NOT NULL,
  author_type text NOT NULL,
  body jsonb NOT NULL,
  CONSTRAINT message_pkey PRIMARY KEY (conversation_id, seq),
  CONSTRAINT message_author_type_check CHECK ((author_type = ANY (ARRAY['user'::text, 'business'::text])))
);

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

CREATE TABLE outbox_default PARTITION OF outbox DEFAULT;

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

CREATE TABLE process (
  id text NOT NULL,
  seen_at timestamp with time zone NOT NULL,
  CONSTRAINT process_pkey PRIMARY KEY (id)
);

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

CREATE TABLE schema_migration (
  version integer NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT schema_migration_pkey PRIMARY KEY (version)
);

CREATE TABLE session (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  conversation_id entity_id NOT NULL,
  user_id entity_id,
  status text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  data jsonb NOT NULL,
  CONSTRAINT session_pkey PRIMARY KEY (id)
);
CREATE INDEX session_of_app ON session USING btree (app_id, id);
CREATE INDEX session_of_conversation ON session USING btree (conversation_id);
CREATE INDEX session_of_user ON session USING btree (app_id, user_id, id);

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
  CONSTRAINT survey_pkey PRIMARY KEY (id),
  CONSTRAINT survey_session_id_key UNIQUE (session_id),
  CONSTRAINT survey_status_check CHECK ((status = ANY (ARRAY['due'::text, 'suppressed'::text])))
);
CREATE INDEX survey_of_app ON survey USING btree (app_id, id);

CREATE TABLE switchboard (
  id entity_id NOT NULL,
  app_id entity_id NOT NULL,
  enabled boolean DEFAULT false NOT NULL,
  default_id entity_id,
  control_enforcement text DEFAULT 'strict'::text NOT NULL,
  offer_expiry_seconds integer,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT switchboard_pkey PRIMARY KEY (id),
  CONSTRAINT switchboard_app_id_key UNIQUE (app_id),
  CONSTRAINT switchboard_control_enforcement_check CHECK ((control_enforcement = ANY (ARRAY['strict'::text, 'warn'::text, 'off'::text]))),
  CONSTRAINT switchboard_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE
);

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
  CONSTRAINT switchboard_integration_pkey PRIMARY KEY (id),
  CONSTRAINT switchboard_integration_switchboard_id_integration_id_key UNIQUE (switchboard_id, integration_id),
  CONSTRAINT switchboard_integration_switchboard_id_name_key UNIQUE (switchboard_id, name),
  CONSTRAINT switchboard_integration_kind_check CHECK ((kind = ANY (ARRAY['bot'::text, 'agent'::text]))),
  CONSTRAINT switchboard_integration_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  CONSTRAINT switchboard_integration_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id) ON DELETE CASCADE,
  CONSTRAINT switchboard_integration_switchboard_id_fkey FOREIGN KEY (switchboard_id) REFERENCES switchboard(id) ON DELETE CASCADE
);
CREATE INDEX switchboard_integration_of_app ON switchboard_integration USING btree (app_id);
CREATE INDEX switchboard_integration_of_integration ON switchboard_integration USING btree (integration_id);

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
  CONSTRAINT webhook_pkey PRIMARY KEY (id),
  CONSTRAINT webhook_app_id_fkey FOREIGN KEY (app_id) REFERENCES app(id) ON DELETE CASCADE,
  CONSTRAINT webhook_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id) ON DELETE CASCADE
);
CREATE INDEX webhook_of_app ON webhook USING btree (app_id);
CREATE INDEX webhook_of_integration ON webhook USING btree (integration_id);
