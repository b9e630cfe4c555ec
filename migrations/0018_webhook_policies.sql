-- How often a webhook is tried, the secrets it had before, and whose the webhooks were that are gone.

ALTER TABLE webhook
  -- Seconds to wait before each attempt, the first 0; null: the default of the house.
  ADD COLUMN retry_schedule integer[],
  ADD COLUMN retry_window_seconds integer CHECK (retry_window_seconds BETWEEN 1 AND 259200),
  ADD CONSTRAINT webhook_retry_policy CHECK ((retry_schedule IS NULL) = (retry_window_seconds IS NULL));

DROP INDEX webhook_of_app;
ALTER TABLE webhook ADD CONSTRAINT webhook_of_app UNIQUE (app_id, id);

-- Secrets that were replaced: until they expire, deliveries are signed with them too.
CREATE TABLE webhook_old_secret (
  id         entity_id PRIMARY KEY,
  app_id     entity_id NOT NULL,
  webhook_id entity_id NOT NULL,
  secret     bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  FOREIGN KEY (app_id, webhook_id) REFERENCES webhook (app_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_old_secret_of_webhook ON webhook_old_secret (app_id, webhook_id);
CREATE INDEX webhook_old_secret_expiring ON webhook_old_secret (expires_at);

-- Whose a webhook was: its dead letters may go to another one of the same integration, and to none of another's.
CREATE TABLE former_webhook (
  id             entity_id PRIMARY KEY,
  app_id         entity_id NOT NULL,
  integration_id entity_id NOT NULL,
  gone_at        timestamptz NOT NULL,
  FOREIGN KEY (app_id, integration_id) REFERENCES integration (app_id, id) ON DELETE CASCADE
);
CREATE INDEX former_webhook_of_integration ON former_webhook (app_id, integration_id);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY '{webhook_old_secret,former_webhook}'::text[] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY app ON %I USING (app_id = ANY (nullif(current_setting(''switchboard.scope'', true), '''')::text[]))', t);
    EXECUTE format('CREATE POLICY migration ON %I USING (current_setting(''switchboard.scope'', true) = ''{@migration}'')', t);
  END LOOP;
END $$;
-- The lanes sign with them, and forget those that expired.
CREATE POLICY lanes_select ON webhook_old_secret FOR SELECT USING (current_setting('switchboard.scope', true) = '{@lanes}');
CREATE POLICY lanes_delete ON webhook_old_secret FOR DELETE USING (current_setting('switchboard.scope', true) = '{@lanes}');
