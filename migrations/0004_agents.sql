-- Agents: who they are, whether they are there, and what their work leaves room for.

-- The last lock class: behind app, user and conversation. What decisions read is JSON; the columns behind it are copies
-- that routing chooses candidates by, written with it.
CREATE TABLE agent (
  id            entity_id   PRIMARY KEY,
  app_id        entity_id   NOT NULL REFERENCES app ON DELETE CASCADE,
  external_id   text,
  role          text        NOT NULL CHECK (role IN ('agent', 'supervisor', 'admin')),
  active        boolean     NOT NULL,
  profile       jsonb       NOT NULL,
  presence      jsonb       NOT NULL,
  work          jsonb       NOT NULL DEFAULT '[]',
  -- Number of the agent's last event.
  seq           bigint      NOT NULL DEFAULT 0,
  status        text        NOT NULL CHECK (status IN ('online', 'busy', 'away', 'offline')),
  -- Active, logged in, online and connected: may be asked to take work.
  offerable     boolean     NOT NULL,
  teams         text[]      NOT NULL,
  skills        text[]      NOT NULL,
  primary_used  float8      NOT NULL,
  primary_limit float8      NOT NULL,
  open_items    integer     NOT NULL,
  -- Every pool, as `GET capacity` tells it.
  capacity      jsonb       NOT NULL,
  created_at    timestamptz NOT NULL
);
CREATE UNIQUE INDEX agent_external ON agent (app_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX agent_of_app ON agent (app_id, id);
CREATE INDEX agent_offerable ON agent (app_id, id) WHERE offerable;

-- Every assignment of a session to an agent there ever was; what counts now is in agent.work.
CREATE TABLE work_item (
  id              entity_id   PRIMARY KEY,
  app_id          entity_id   NOT NULL,
  agent_id        entity_id   NOT NULL REFERENCES agent ON DELETE CASCADE,
  session_id      entity_id   NOT NULL,
  conversation_id entity_id   NOT NULL,
  queue_id        entity_id,
  status          text        NOT NULL CHECK (status IN ('offered', 'open', 'paused', 'afterWork', 'over', 'closed')),
  -- Why it is closed; null while it is not.
  closed_because  text,
  tab_open        boolean     NOT NULL,
  automatic       boolean     NOT NULL,
  load            jsonb       NOT NULL,
  idle            boolean     NOT NULL,
  after_work      jsonb,
  ticket          jsonb,
  offered_at      timestamptz,
  opened_at       timestamptz,
  closed_at       timestamptz,
  -- The agent's words, and those not saved yet; closing the tab saves them (L-5).
  notes           text        CHECK (length(notes) <= 20000),
  draft           text        CHECK (length(draft) <= 20000),
  CHECK ((status = 'closed') = (closed_because IS NOT NULL)),
  CHECK ((status = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX work_item_of_agent ON work_item (agent_id, id);
CREATE INDEX work_item_of_session ON work_item (session_id);

CREATE TABLE agent_timer (
  id       entity_id   PRIMARY KEY,
  agent_id entity_id   NOT NULL REFERENCES agent ON DELETE CASCADE,
  app_id   entity_id   NOT NULL,
  -- `silence` is moved by every heartbeat; its subject is the connection that must be heard of.
  kind     text        NOT NULL CHECK (kind IN ('agentGrace', 'afterWork', 'silence')),
  subject  text        NOT NULL,
  due_at   timestamptz NOT NULL,
  UNIQUE (agent_id, kind, subject)
);
CREATE INDEX agent_timer_due ON agent_timer (due_at);

-- Conversations that have to hear that their agent is gone: written with the intent, worked off one command each.
CREATE TABLE agent_departure (
  id              entity_id   PRIMARY KEY,
  app_id          entity_id   NOT NULL,
  agent_id        entity_id   NOT NULL REFERENCES agent ON DELETE CASCADE,
  work_item_id    entity_id   NOT NULL,
  session_id      entity_id   NOT NULL,
  conversation_id entity_id   NOT NULL,
  what            text        NOT NULL CHECK (what IN ('detach', 'end')),
  created_at      timestamptz NOT NULL,
  UNIQUE (work_item_id, what)
);
CREATE INDEX agent_departure_of_agent ON agent_departure (agent_id);
