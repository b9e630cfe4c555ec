-- What control allows beside the fence: a parting word, outsiders, and an end to bots that hand a conversation around.

ALTER TABLE switchboard
  -- How long whoever gave control away by itself may still speak; 0: not at all.
  ADD COLUMN parting_seconds integer NOT NULL DEFAULT 10 CHECK (parting_seconds BETWEEN 0 AND 300),
  -- What a message of an integration that was never on the switchboard meets.
  ADD COLUMN outsiders text NOT NULL DEFAULT 'allow' CHECK (outsiders IN ('allow', 'refuse')),
  -- After so many hand-offs by integrations without a message between them the next one is stopped; 0: never.
  ADD COLUMN hand_off_limit integer NOT NULL DEFAULT 20 CHECK (hand_off_limit BETWEEN 0 AND 1000);

-- Whoever is, or ever was, on the switchboard of the app: the fence binds it also when its place there is gone.
ALTER TABLE integration ADD COLUMN was_linked boolean NOT NULL DEFAULT false;
UPDATE integration i SET was_linked = true
WHERE EXISTS (SELECT FROM switchboard_integration l WHERE l.app_id = i.app_id AND l.integration_id = i.id);
