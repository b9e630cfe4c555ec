-- End users who asked to go on in another channel: whoever runs that channel finds out by the code who they are.
CREATE TABLE link_request (
  -- Of the code, which only the end user knows.
  digest       bytea       PRIMARY KEY,
  app_id       entity_id   NOT NULL REFERENCES app ON DELETE CASCADE,
  user_id      entity_id   NOT NULL REFERENCES app_user ON DELETE CASCADE,
  channel_id   entity_id   NOT NULL REFERENCES service_channel ON DELETE CASCADE,
  expires_at   timestamptz NOT NULL,
  confirmed_at timestamptz
);
CREATE INDEX link_request_of_app ON link_request (app_id);
CREATE INDEX link_request_of_user ON link_request (user_id);
CREATE INDEX link_request_of_channel ON link_request (channel_id);
CREATE INDEX link_request_expires ON link_request (expires_at);
