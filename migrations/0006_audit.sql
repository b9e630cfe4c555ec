-- Who changed what of an app: an append-only log, chained by hashes, and keys with less than everything or of agents.

-- The end of each app's chain. Whoever appends locks this row first, so numbers have no gaps and hashes one order.
CREATE TABLE audit_chain (
  app_id      entity_id PRIMARY KEY,
  last_number bigint    NOT NULL,
  last_hash   bytea     NOT NULL
);

-- No reference to app: the log of a deleted app stays, its deletion is the last line (docs/audit.md).
CREATE TABLE audit_entry (
  app_id     entity_id   NOT NULL,
  number     bigint      NOT NULL CHECK (number > 0),
  id         entity_id   NOT NULL UNIQUE,
  at         timestamptz NOT NULL,
  actor_type text        NOT NULL CHECK (actor_type IN ('account', 'app', 'integration', 'agent', 'system')),
  key_id     text        COLLATE "C",
  agent_id   entity_id,
  request_id text,
  action     text        NOT NULL,
  subject    text        NOT NULL,
  -- Settings as they were and as they became, without secrets; null: there was, or is, no such thing.
  before     jsonb,
  after      jsonb,
  -- SHA-256 of the hash before (32 zero bytes for the first) and of this entry as canonical JSON (src/audit/chain.ts).
  hash       bytea       NOT NULL,
  PRIMARY KEY (app_id, number)
);
CREATE INDEX audit_entry_of_action ON audit_entry (app_id, action, number);
CREATE INDEX audit_entry_of_subject ON audit_entry (app_id, subject, number);
CREATE INDEX audit_entry_of_key ON audit_entry (app_id, key_id, number);
CREATE INDEX audit_entry_of_agent ON audit_entry (app_id, agent_id, number);
CREATE INDEX audit_entry_of_time ON audit_entry (app_id, at);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
-- Also where triggers are off for replication, which is how a superuser would step around one.
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_stays;

-- An agent's own key, and app keys that may do less than everything (src/tenancy/auth/grants.ts).
ALTER TABLE api_key
  ADD COLUMN agent_id entity_id,
  ADD COLUMN grants   text[] NOT NULL DEFAULT '{full}' CHECK (cardinality(grants) > 0),
  DROP CONSTRAINT api_key_scope_check,
  ADD CONSTRAINT api_key_scope_check CHECK (scope IN ('account', 'app', 'integration', 'agent')),
  ADD CONSTRAINT api_key_of_one_agent CHECK ((scope = 'agent') = (agent_id IS NOT NULL)),
  ADD CONSTRAINT api_key_grants_of_app CHECK (scope = 'app' OR grants = '{full}');
CREATE INDEX api_key_of_agent ON api_key (agent_id) WHERE agent_id IS NOT NULL;
