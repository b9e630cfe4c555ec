-- What conversations stood on was deleted. Each deletion is a job, written in its transaction and worked in pieces: the
-- conversations that stood on it get a command each; of a deleted app, its sessions end and its rows go. It refers to no
-- app, because it outlives the one it removes.
CREATE TABLE removal (
  id          entity_id   PRIMARY KEY,
  app_id      entity_id   NOT NULL,
  kind        text        NOT NULL
                          CHECK (kind IN ('switchboardIntegration', 'integration', 'switchboard', 'queue',
                                          'serviceChannel', 'app')),
  -- What was deleted; and the ids by which conversations name it, or what went with it.
  subject     entity_id   NOT NULL,
  grounds     text[]      NOT NULL,
  stage       text        NOT NULL CHECK (stage IN ('conversations', 'sessions', 'announcing', 'contents', 'done')),
  stage_since timestamptz NOT NULL,
  -- The last conversation or session that was dealt with, in the order of the stage; empty: none yet.
  place       entity_id   NOT NULL DEFAULT '',
  -- How many there are, how many of them were looked at, how many changed, how many could not be.
  total       bigint,
  looked_at   bigint      NOT NULL DEFAULT 0,
  settled     bigint      NOT NULL DEFAULT 0,
  failed      bigint      NOT NULL DEFAULT 0,
  started_at  timestamptz NOT NULL,
  finished_at timestamptz,
  -- Not worked before: it waits, or somebody works on it. Whoever takes it raises the fence.
  next_at     timestamptz NOT NULL,
  fence       bigint      NOT NULL DEFAULT 0
);
CREATE INDEX removal_of_app ON removal (app_id, id);
CREATE INDEX removal_open ON removal (next_at) WHERE finished_at IS NULL;

-- A deleted app: gone for every call, its row stays until its sessions have ended and its contents are gone.
ALTER TABLE app ADD COLUMN removed_at timestamptz;

-- Names of switchboard integrations that settings were given before the app had a switchboard to look them up in.
ALTER TABLE app ADD COLUMN names_ahead text[] NOT NULL DEFAULT '{}';

-- Whose words a stored answer may hold: the conversation, or the end user, that it is about.
ALTER TABLE idempotency ADD COLUMN about entity_id;
CREATE INDEX idempotency_about ON idempotency (about) WHERE about IS NOT NULL;

-- Copies that are kept for 7 and 30 days, by conversation. What is not delivered yet is found by its partition.
CREATE INDEX delivery_kept ON delivery (lane) WHERE done_at IS NOT NULL;

-- A message that was deleted, as its copies show it: its place is kept, the words are gone.
CREATE FUNCTION without_words(message jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN jsonb_typeof(message) = 'object'
              THEN (message - ARRAY['metadata', 'quotedMessage']) || '{"content": {"type": "text", "text": ""}}'
              ELSE message END
$$;

-- An end user, as copies show them who are no longer known by name. `wholly`: nor by the business' own id.
CREATE FUNCTION without_name(person jsonb, wholly boolean) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (CASE WHEN wholly THEN person - ARRAY['externalId', 'userExternalId', 'signedUpAt'] ELSE person END)
         || CASE WHEN person ? 'profile' THEN '{"profile": {}}'::jsonb ELSE '{}' END
         || CASE WHEN person ? 'metadata' THEN '{"metadata": {}}'::jsonb ELSE '{}' END
         || CASE WHEN person ? 'identities' THEN '{"identities": []}'::jsonb ELSE '{}' END
$$;

-- The same of a message they wrote. `user_id` null: whichever end user wrote it. `wholly`: without what they said, too.
CREATE FUNCTION without_author(message jsonb, user_id text, wholly boolean) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN message #>> '{author,type}' IS DISTINCT FROM 'user' THEN message
              WHEN message #>> '{author,userId}' IS DISTINCT FROM user_id AND user_id IS NOT NULL THEN message
              ELSE (CASE WHEN wholly THEN without_words(message) ELSE message END)
                   || jsonb_build_object('author', (message -> 'author') - ARRAY['displayName', 'avatarUrl']
                        || CASE WHEN message #> '{author,user}' IS NULL THEN '{}'::jsonb
                                ELSE jsonb_build_object('user', without_name(message #> '{author,user}', wholly)) END)
         END
$$;

-- The same of what a webhook is told in one event.
CREATE FUNCTION without_person(payload jsonb, user_id text, wholly boolean) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT payload
         || CASE WHEN payload ? 'message'
                 THEN jsonb_build_object('message', without_author(payload -> 'message', user_id, wholly))
                 ELSE '{}' END
         || CASE WHEN payload ? 'user' AND (user_id IS NULL OR payload #>> '{user,id}' = user_id)
                 THEN jsonb_build_object('user', without_name(payload -> 'user', wholly))
                      || CASE WHEN wholly AND payload ? 'postback' THEN '{"postback": {"payload": ""}}'::jsonb
                              ELSE '{}' END
                 ELSE '{}' END
$$;
