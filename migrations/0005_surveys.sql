-- A survey lives on after its decision: asked after a wait, answered once, or closed.
ALTER TABLE survey DROP CONSTRAINT survey_status_check;
ALTER TABLE survey
  ADD COLUMN send_at timestamptz,
  ADD COLUMN sent_at timestamptz,
  ADD COLUMN expires_at timestamptz,
  ADD COLUMN answered_at timestamptz,
  -- How it is asked, as the app had it when it was decided: delivery, scale, seconds until it closes, words.
  ADD COLUMN asking jsonb,
  -- The form in the conversation, and the message that answered it; null: by link.
  ADD COLUMN form_id entity_id,
  ADD COLUMN answer_id entity_id,
  ADD COLUMN answered_by entity_id,
  ADD COLUMN score smallint,
  ADD COLUMN comment text CHECK (length(comment) <= 1000),
  -- Whom the rating counts for.
  ADD COLUMN agent_id text,
  ADD COLUMN team_id text,
  ADD COLUMN queue_id text;
-- Decided before anything was sent: nobody expects a question about them any more.
UPDATE survey SET status = 'suppressed', suppressed_because = 'never_sent' WHERE status = 'due';
ALTER TABLE survey ADD CONSTRAINT survey_status_check CHECK (
  status = 'suppressed'
  OR (status = 'due' AND send_at IS NOT NULL AND asking IS NOT NULL)
  OR (status IN ('sent', 'expired') AND sent_at IS NOT NULL AND expires_at IS NOT NULL)
  OR (status = 'answered' AND sent_at IS NOT NULL AND answered_at IS NOT NULL AND score IS NOT NULL)
);
CREATE INDEX survey_due ON survey (send_at) WHERE status = 'due';
CREATE INDEX survey_open ON survey (expires_at) WHERE status = 'sent';
CREATE INDEX survey_of_status ON survey (app_id, status, id);
CREATE INDEX survey_answered ON survey (app_id, answered_at) WHERE status = 'answered';
-- To take away what somebody wrote when they, or their conversation, go.
CREATE INDEX survey_of_conversation ON survey (conversation_id);
CREATE INDEX survey_of_author ON survey (answered_by) WHERE comment IS NOT NULL;

-- Tickets solved whose session's end was not heard yet: the two are heard by different consumers. A row goes with the end.
CREATE TABLE solved_ticket (
  session_id entity_id PRIMARY KEY,
  app_id entity_id NOT NULL,
  solved_at timestamptz NOT NULL
);
