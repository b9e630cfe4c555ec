-- A survey that stands in no conversation is offered, by its link; nothing of it was sent to anybody.
ALTER TABLE survey DROP CONSTRAINT survey_status_check;
UPDATE survey SET status = 'offered', sent_at = NULL WHERE status = 'sent' AND form_id IS NULL;
ALTER TABLE survey ADD CONSTRAINT survey_status_check CHECK (
  status = 'suppressed'
  OR (status = 'due' AND send_at IS NOT NULL AND asking IS NOT NULL)
  OR (status = 'sent' AND sent_at IS NOT NULL AND expires_at IS NOT NULL)
  OR (status IN ('offered', 'expired') AND expires_at IS NOT NULL)
  OR (status = 'answered' AND answered_at IS NOT NULL AND score IS NOT NULL)
);
DROP INDEX survey_open;
CREATE INDEX survey_open ON survey (expires_at) WHERE status IN ('sent', 'offered');
