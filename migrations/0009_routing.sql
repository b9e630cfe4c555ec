-- Where sessions come from and where they wait: service channels, queues, and the sessions that wait for an agent.

CREATE TABLE queue (
  id                   entity_id   PRIMARY KEY,
  app_id               entity_id   NOT NULL REFERENCES app ON DELETE CASCADE,
  name                 text        NOT NULL,
  teams                text[]      NOT NULL DEFAULT '{}',
  skills               text[]      NOT NULL DEFAULT '{}',
  -- Who is asked first.
  asked_first          text[]      NOT NULL CHECK (cardinality(asked_first) BETWEEN 1 AND 4),
  weight               float8      CHECK (weight >= 0),
  push_timeout_seconds integer     CHECK (push_timeout_seconds > 0),
  auto_accept          boolean     NOT NULL DEFAULT false,
  wait_seconds         integer     CHECK (wait_seconds > 0),
  most_waiting         integer     CHECK (most_waiting >= 0),
  hours                jsonb,
  overflow_to          text        NOT NULL DEFAULT 'none' CHECK (overflow_to IN ('none', 'queue', 'bot', 'end')),
  overflow_queue_id    entity_id   REFERENCES queue,
  -- Name of a switchboard integration.
  overflow_bot         text,
  check_on_return      boolean     NOT NULL DEFAULT false,
  takes_transfers      boolean     NOT NULL DEFAULT true,
  created_at           timestamptz NOT NULL,
  UNIQUE (app_id, name),
  CHECK ((overflow_to = 'queue') = (overflow_queue_id IS NOT NULL)),
  CHECK ((overflow_to = 'bot') = (overflow_bot IS NOT NULL))
);
CREATE INDEX queue_of_app ON queue (app_id, id);

CREATE TABLE service_channel (
  id                          entity_id   PRIMARY KEY,
  app_id                      entity_id   NOT NULL REFERENCES app ON DELETE CASCADE,
  name                        text        NOT NULL,
  kind                        text        NOT NULL CHECK (kind IN
    ('web_widget', 'in_app', 'byoc', 'whatsapp', 'apple', 'line', 'facebook', 'sms')),
  tier                        text        NOT NULL CHECK (tier IN ('standard', 'enhanced')),
  -- Of the app: what conversations that name no channel are on.
  is_default                  boolean     NOT NULL DEFAULT false,
  capacity_model              text        NOT NULL CHECK (capacity_model IN ('tab_based', 'status_based')),
  weight                      float8      NOT NULL CHECK (weight >= 0),
  percent                     float8      CHECK (percent BETWEEN 0 AND 100),
  paused_weight               float8      NOT NULL CHECK (paused_weight >= 0),
  interruptible               boolean     NOT NULL,
  bucket                      text        NOT NULL CHECK (bucket IN ('messaging', 'email', 'voice')),
  count_inactive              boolean     NOT NULL,
  after_work                  jsonb,
  customer_inactivity_seconds integer     CHECK (customer_inactivity_seconds BETWEEN 300 AND 1800),
  opt_in                      text        NOT NULL CHECK (opt_in IN ('none', 'explicit')),
  -- null: what the kind says.
  end_user_end                boolean,
  queue_id                    entity_id   REFERENCES queue,
  -- null: what the tier says.
  no_response_seconds         integer     CHECK (no_response_seconds > 0),
  agent_ended_as              text        NOT NULL CHECK (agent_ended_as IN ('messaging', 'email')),
  created_at                  timestamptz NOT NULL,
  UNIQUE (app_id, name)
);
CREATE INDEX service_channel_of_app ON service_channel (app_id, id);
CREATE UNIQUE INDEX service_channel_default ON service_channel (app_id) WHERE is_default;

-- One row for each session that is WAITING, as the session's own transaction left it: what the dispatcher selects by.
CREATE TABLE waiting (
  session_id      entity_id   PRIMARY KEY,
  conversation_id entity_id   NOT NULL,
  app_id          entity_id   NOT NULL,
  queue_id        entity_id,
  requested_at    timestamptz NOT NULL,
  since           timestamptz NOT NULL,
  -- Higher is asked first; 1: it came back after it was cut off.
  priority        smallint    NOT NULL,
  skills          jsonb       NOT NULL,
  -- What it asks of an agent.
  load            jsonb       NOT NULL,
  preferred       entity_id,
  last_agent      entity_id,
  tried           jsonb       NOT NULL,
  offered_to      entity_id,
  work_item_id    entity_id,
  overflowed      boolean     NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX waiting_undispatched ON waiting (app_id, queue_id, priority DESC, requested_at, session_id)
  INCLUDE (overflowed) WHERE offered_to IS NULL;
CREATE INDEX waiting_offered ON waiting (queue_id) WHERE work_item_id IS NOT NULL;
CREATE INDEX waiting_of_queue ON waiting (app_id, queue_id, requested_at);

CREATE INDEX session_of_owner ON session (app_id, (data -> 'human' ->> 'owner'), id) WHERE ended_at IS NULL;
CREATE INDEX session_of_queue ON session (app_id, (data -> 'human' ->> 'queueId'), id) WHERE ended_at IS NULL;
CREATE INDEX session_waiting ON session (id) WHERE status = 'WAITING';
