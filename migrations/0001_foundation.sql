-- The record. One row per conversation holds what decisions need; everything else is what they left behind.
-- Ids are 24 hex characters, compared byte by byte so that they page and sort the same everywhere.

CREATE DOMAIN entity_id AS text COLLATE "C";

-- Tenancy ------------------------------------------------------------------------------------------------------------

CREATE TABLE app (
  id             entity_id   PRIMARY KEY,
  display_name   text        NOT NULL,
  settings       jsonb       NOT NULL DEFAULT '{}',
  metadata       jsonb       NOT NULL DEFAULT '{}',
  -- Raised by every change to settings, switchboards, integrations or webhooks; commands lock it FOR SHARE.
  config_version bigint      NOT NULL DEFAULT 1,
  created_at     timestamptz NOT NULL
);

CREATE TABLE integration (
  id                   entity_id   PRIMARY KEY,
  app_id               entity_id   NOT NULL REFERENCES app ON DELETE CASCADE,
  type                 text        NOT NULL,
  status               text        NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'error')),
  display_name         text,
  default_responder_id entity_id,
  created_at           timestamptz NOT NULL
);
CREATE INDEX integration_of_app ON integration (app_id, id);

CREATE TABLE api_key (
  id             text        COLLATE "C" PRIMARY KEY,
  scope          text        NOT NULL CHECK (scope IN ('account', 'app', 'integration')),
  app_id         entity_id   REFERENCES app ON DELETE CASCADE,
  integration_id entity_id   REFERENCES integration ON DELETE CASCADE,
  display_name   text        NOT NULL,
  -- AES-256-GCM, associated data = app id: API keys verify HS256 tokens, so a hash would not do.
  secret         bytea       NOT NULL,
  created_at     timestamptz NOT NULL,
  CHECK ((scope = 'account') = (app_id IS NULL)),
  CHECK ((scope = 'integration') = (integration_id IS NOT NULL))
);
CREATE INDEX api_key_of_app ON api_key (app_id);
CREATE INDEX api_key_of_integration ON api_key (integration_id);

CREATE TABLE webhook (
  id                  entity_id   PRIMARY KEY,
  app_id              entity_id   NOT NULL REFERENCES app ON DELETE CASCADE,
  integration_id      entity_id   NOT NULL REFERENCES integration ON DELETE CASCADE,
  target              text        NOT NULL,
  triggers            text[]      NOT NULL,
  secret              bytea       NOT NULL,
  include_full_user   boolean     NOT NULL DEFAULT false,
  include_full_source boolean     NOT NULL DEFAULT false,
  created_at          timestamptz NOT NULL
);
CREATE INDEX webhook_of_app ON webhook (app_id);
CREATE INDEX webhook_of_integration ON webhook (integration_id);

CREATE TABLE switchboard (
  id                   entity_id   PRIMARY KEY,
  app_id               entity_id   NOT NULL UNIQUE REFERENCES app ON DELETE CASCADE,
  enabled              boolean     NOT NULL DEFAULT false,
  default_id           entity_id,
  control_enforcement  text        NOT NULL DEFAULT 'strict' CHECK (control_enforcement IN ('strict', 'warn', 'off')),
  offer_expiry_seconds integer,
  created_at           timestamptz NOT NULL
);

CREATE TABLE switchboard_integration (
  id                     entity_id   PRIMARY KEY,
  switchboard_id         entity_id   NOT NULL REFERENCES switchboard ON DELETE CASCADE,
  app_id                 entity_id   NOT NULL REFERENCES app ON DELETE CASCADE,
  name                   text        NOT NULL,
  integration_id         entity_id   NOT NULL REFERENCES integration ON DELETE CASCADE,
  integration_type       text        NOT NULL,
  kind                   text        NOT NULL DEFAULT 'bot' CHECK (kind IN ('bot', 'agent')),
  deliver_standby_events boolean     NOT NULL DEFAULT true,
  next_id                entity_id,
  message_history_count  smallint,
  created_at             timestamptz NOT NULL,
  UNIQUE (switchboard_id, name),
  UNIQUE (switchboard_id, integration_id)
);
CREATE INDEX switchboard_integration_of_app ON switchboard_integration (app_id);
CREATE INDEX switchboard_integration_of_integration ON switchboard_integration (integration_id);

-- Directory ----------------------------------------------------------------------------------------------------------

CREATE TABLE app_user (
  id             entity_id   PRIMARY KEY,
  app_id         entity_id   NOT NULL REFERENCES app ON DELETE CASCADE,
  external_id    text,
  authenticated  boolean     NOT NULL DEFAULT false,
  signed_up_at   timestamptz NOT NULL,
  to_be_retained boolean     NOT NULL DEFAULT false,
  profile        jsonb       NOT NULL DEFAULT '{}',
  metadata       jsonb       NOT NULL DEFAULT '{}',
  created_at     timestamptz NOT NULL
);
CREATE UNIQUE INDEX app_user_external ON app_user (app_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX app_user_of_app ON app_user (app_id, id);
CREATE INDEX app_user_email ON app_user (app_id, lower(profile ->> 'email')) WHERE profile ->> 'email' IS NOT NULL;

-- Conversations ------------------------------------------------------------------------------------------------------

CREATE TABLE conversation (
  id                 entity_id   PRIMARY KEY,
  app_id             entity_id   NOT NULL,
  -- The end user of a personal conversation.
  user_id            entity_id,
  type               text        NOT NULL CHECK (type IN ('personal', 'sdkGroup')),
  is_default         boolean     NOT NULL DEFAULT false,
  display_name       text,
  description        text,
  icon_url           text,
  metadata           jsonb       NOT NULL DEFAULT '{}',
  seq                bigint      NOT NULL,
  control_epoch      bigint      NOT NULL,
  -- The core's state of this conversation, whole (conversation/core/state.ts).
  state              jsonb       NOT NULL,
  business_last_read timestamptz,
  last_updated_at    timestamptz NOT NULL,
  created_at         timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX conversation_of_app ON conversation (app_id, id);
-- Two first contacts at once make one default conversation.
CREATE UNIQUE INDEX conversation_default_of_user ON conversation (user_id) WHERE is_default;

CREATE TABLE participant (
  id              entity_id   PRIMARY KEY,
  conversation_id entity_id   NOT NULL REFERENCES conversation ON DELETE CASCADE,
  user_id         entity_id   NOT NULL,
  last_read_seq   bigint      NOT NULL DEFAULT 0,
  last_read_at    timestamptz,
  created_at      timestamptz NOT NULL,
  UNIQUE (conversation_id, user_id)
);
CREATE INDEX participant_of_user ON participant (user_id, conversation_id);

CREATE TABLE message (
  conversation_id entity_id   NOT NULL,
  seq             bigint      NOT NULL,
  id              entity_id   NOT NULL,
  received_at     timestamptz NOT NULL,
  author_type     text        NOT NULL CHECK (author_type IN ('user', 'business')),
  -- The message as the API returns it, without what the columns hold.
  body            jsonb       NOT NULL,
  PRIMARY KEY (conversation_id, seq)
);

-- Every event, without bodies. The state of a conversation can be rebuilt from here (I10).
CREATE TABLE event (
  conversation_id entity_id   NOT NULL,
  seq             bigint      NOT NULL,
  id              entity_id   NOT NULL,
  type            text        NOT NULL,
  at              timestamptz NOT NULL,
  control_epoch   bigint      NOT NULL,
  data            jsonb       NOT NULL,
  PRIMARY KEY (conversation_id, seq)
);

-- Messages and control calls that were refused, for the timeline. They have no seq: nothing happened.
CREATE TABLE refusal (
  conversation_id entity_id   NOT NULL,
  id              entity_id   NOT NULL,
  at              timestamptz NOT NULL,
  -- The conversation as it stood: the line lies behind this event.
  seq             bigint      NOT NULL,
  control_epoch   bigint      NOT NULL,
  reason          text        NOT NULL,
  data            jsonb       NOT NULL,
  PRIMARY KEY (conversation_id, id)
);

-- The session list view. The decisions rest on conversation.state.
CREATE TABLE session (
  id              entity_id   PRIMARY KEY,
  app_id          entity_id   NOT NULL,
  conversation_id entity_id   NOT NULL,
  user_id         entity_id,
  status          text        NOT NULL,
  started_at      timestamptz NOT NULL,
  ended_at        timestamptz,
  data            jsonb       NOT NULL
);
CREATE INDEX session_of_app ON session (app_id, id);
CREATE INDEX session_of_user ON session (app_id, user_id, id);
CREATE INDEX session_of_conversation ON session (conversation_id);

CREATE TABLE timer (
  id              entity_id   PRIMARY KEY,
  conversation_id entity_id   NOT NULL,
  app_id          entity_id   NOT NULL,
  kind            text        NOT NULL,
  -- What the timer is about: the offer's seq or the session's id. A firing about anything else is a no-op.
  subject         text        NOT NULL,
  due_at          timestamptz NOT NULL
);
CREATE INDEX timer_due ON timer (due_at);
CREATE INDEX timer_of_conversation ON timer (conversation_id, kind);

-- The ledger ---------------------------------------------------------------------------------------------------------

-- One row per partition; whoever holds an unexpired lease may send for it, and writes results only under this fence.
CREATE TABLE lease (
  partition  smallint    PRIMARY KEY,
  owner      text,
  fence      bigint      NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO lease (partition) SELECT generate_series(0, 255);

-- Processes that want partitions, so that each knows its fair share.
CREATE TABLE process (
  id      text        PRIMARY KEY,
  seen_at timestamptz NOT NULL
);

-- Kept 48 h, in daily partitions that are made ahead and dropped behind (ledger/outbox).
CREATE TABLE outbox (
  partition       smallint    NOT NULL,
  conversation_id entity_id   NOT NULL,
  seq             bigint      NOT NULL,
  event_id        entity_id   NOT NULL,
  subject         text        NOT NULL,
  body            text        NOT NULL,
  created_at      timestamptz NOT NULL,
  published_at    timestamptz,
  -- Sequence the stream gave it: shows when a stream went back (finding 3).
  stream_seq      bigint
) PARTITION BY RANGE (created_at);
CREATE INDEX outbox_unpublished ON outbox (partition, conversation_id, seq) WHERE published_at IS NULL;
CREATE INDEX outbox_stream_seq ON outbox (stream_seq) WHERE stream_seq IS NOT NULL;
CREATE TABLE outbox_default PARTITION OF outbox DEFAULT;

-- What the stream was when we last published: another creation time or a lower last sequence means it went back.
CREATE TABLE stream_mark (
  stream     text        PRIMARY KEY,
  created    text        NOT NULL,
  last_seq   bigint      NOT NULL,
  -- Raised each time what was lost is taken back: acknowledgements of before count no longer.
  generation bigint      NOT NULL DEFAULT 1,
  marked_at  timestamptz NOT NULL
);

CREATE TABLE idempotency (
  -- SHA-256 of principal, method, path and key.
  key         bytea       PRIMARY KEY,
  fingerprint bytea       NOT NULL,
  -- The answer as JSON, encrypted where it holds a secret.
  answer      bytea       NOT NULL,
  created_at  timestamptz NOT NULL
);
CREATE INDEX idempotency_created ON idempotency (created_at);

-- Webhooks -----------------------------------------------------------------------------------------------------------

-- Recipient and bytes are fixed by the transaction that made the event. A lane is (webhook_id, lane).
CREATE TABLE delivery (
  id           entity_id   PRIMARY KEY,
  partition    smallint    NOT NULL,
  app_id       entity_id   NOT NULL,
  webhook_id   entity_id   NOT NULL,
  -- The conversation, else the user.
  lane         entity_id   NOT NULL,
  -- Order within the lane: the event's seq.
  position     bigint      NOT NULL,
  event_id     entity_id   NOT NULL,
  trigger      text        NOT NULL,
  body         text        NOT NULL,
  attempts     smallint    NOT NULL DEFAULT 0,
  -- All attempts lie within 15 minutes of it.
  first_at     timestamptz,
  created_at   timestamptz NOT NULL,
  next_at      timestamptz NOT NULL,
  done_at      timestamptz,
  -- null: not delivered yet; 'delivered', or why it was buried.
  outcome      text,
  last_error   text
);
CREATE INDEX delivery_undone ON delivery (partition, webhook_id, lane, position) WHERE done_at IS NULL;
CREATE INDEX delivery_of_webhook ON delivery (webhook_id, id);
CREATE INDEX delivery_done ON delivery (done_at) WHERE done_at IS NOT NULL;

-- Consumers ----------------------------------------------------------------------------------------------------------

CREATE TABLE consumed_event (
  consumer    text        NOT NULL,
  event_id    entity_id   NOT NULL,
  consumed_at timestamptz NOT NULL,
  PRIMARY KEY (consumer, event_id)
);
CREATE INDEX consumed_event_at ON consumed_event (consumed_at);

CREATE TABLE survey (
  id              entity_id   PRIMARY KEY,
  app_id          entity_id   NOT NULL,
  conversation_id entity_id   NOT NULL,
  session_id      entity_id   NOT NULL UNIQUE,
  user_id         entity_id,
  status          text        NOT NULL CHECK (status IN ('due', 'suppressed')),
  kind            text,
  suppressed_because text,
  channel_hint    text        NOT NULL,
  ended_by        text        NOT NULL,
  end_reason      text        NOT NULL,
  created_at      timestamptz NOT NULL
);
CREATE INDEX survey_of_app ON survey (app_id, id);

-- Open conversations by the switchboard integration that holds them, counted from events alone.
CREATE TABLE routing_conversation (
  conversation_id entity_id   PRIMARY KEY,
  app_id          entity_id   NOT NULL,
  holder_id       entity_id,
  session_open    boolean     NOT NULL,
  -- The events that told each fact last: a repeated or late event changes nothing newer.
  holder_seq      bigint      NOT NULL,
  session_seq     bigint      NOT NULL
);
CREATE INDEX routing_conversation_of_app ON routing_conversation (app_id, holder_id) WHERE session_open;

CREATE TABLE routing_ended (
  session_id      entity_id   PRIMARY KEY,
  app_id          entity_id   NOT NULL,
  conversation_id entity_id   NOT NULL,
  ended_by        text        NOT NULL,
  end_reason      text        NOT NULL,
  ended_at        timestamptz NOT NULL
);
CREATE INDEX routing_ended_of_app ON routing_ended (app_id, session_id);
