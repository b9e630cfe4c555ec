-- How a channel of our own looks and what it offers, as a widget reads it; what was said, without the defaults.
ALTER TABLE integration ADD COLUMN settings jsonb DEFAULT '{}' NOT NULL;

-- Identities are what somebody was connected by, so a profile's e-mail, which the business may write, is none. `told`
-- counts what webhooks were told of a user: the order of their lane.
ALTER TABLE app_user ADD COLUMN identities jsonb DEFAULT '[]' NOT NULL, ADD COLUMN told bigint DEFAULT 0 NOT NULL;
DROP TRIGGER app_user_email ON app_user;
CREATE OR REPLACE FUNCTION email_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.email := (SELECT lower(identity ->> 'value') FROM jsonb_array_elements(NEW.identities) AS identity
                WHERE identity ->> 'type' = 'email' LIMIT 1);
  RETURN NEW;
END $$;
CREATE TRIGGER app_user_email BEFORE INSERT OR UPDATE OF identities ON app_user FOR EACH ROW EXECUTE FUNCTION email_of_user();
UPDATE app_user SET identities = identities WHERE email IS NOT NULL;

-- Settings that were kept without any effect, and that are refused now.
UPDATE app SET settings = settings - ARRAY['conversationRetentionSeconds', 'echoPostback', 'appLocalizationEnabled']
WHERE settings ?| ARRAY['conversationRetentionSeconds', 'echoPostback', 'appLocalizationEnabled'];
