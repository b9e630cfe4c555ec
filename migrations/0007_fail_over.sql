-- A holder that is dead: control goes on without it.

ALTER TABLE switchboard_integration
  -- How long what it should hear may stay undelivered while it holds control; null: for ever.
  ADD COLUMN holder_deadline_seconds integer DEFAULT 30 CHECK (holder_deadline_seconds BETWEEN 1 AND 3600),
  -- How long an end user may wait for its answer; null: for ever.
  ADD COLUMN reply_deadline_seconds integer CHECK (reply_deadline_seconds BETWEEN 1 AND 86400),
  ADD COLUMN reply_deadline_action text NOT NULL DEFAULT 'warn' CHECK (reply_deadline_action IN ('warn', 'failOver'));

ALTER TABLE switchboard
  -- What the end user is told when a dead holder loses control; null: nothing.
  ADD COLUMN fail_over_note text DEFAULT 'One moment please, you are being connected to someone else.';

-- Deliveries that the holder of a conversation, or whoever is invited, should have taken by a time. A row is written
-- only for those that were not taken at once, and goes at that time, whatever became of its delivery.
CREATE TABLE holder_watch (
  delivery_id entity_id   PRIMARY KEY,
  partition   smallint    NOT NULL,
  role        text        NOT NULL CHECK (role IN ('active', 'pending')),
  -- The control epoch, or the offer's seq, at which it was so: at any other the deadline means nothing.
  mark        bigint      NOT NULL,
  since       timestamptz NOT NULL,
  due_at      timestamptz NOT NULL
);
CREATE INDEX holder_watch_due ON holder_watch (due_at);
