import type { FailureCode } from '../../kernel/index.js';

/**
 * Every way a request can fail, and the status it is answered with: the one table. The wire's own statuses are those
 * of `sunco.md` 3, those of sessions of `sessions.md` 2; 401, 405, 409, 413, 415, 422, 429, 431,
 * 503 extend it, because the public specification is silent there.
 */
export const statuses: Readonly<Record<FailureCode, number>> = {
  bad_request: 400,
  too_many_switchboard_integrations: 400,
  switchboard_invalid_target: 400,
  switchboard_invalid_action: 400,

  unauthorized: 401,

  forbidden: 403,
  end_session_disabled: 403,
  agent_end_disabled: 403,
  not_available_on_channel: 403,

  app_not_found: 404,
  conversation_not_found: 404,
  user_not_found: 404,
  integration_not_found: 404,
  switchboard_not_found: 404,
  switchboard_integration_not_found: 404,
  session_not_found: 404,
  client_not_found: 404,
  device_not_found: 404,
  not_found: 404,

  method_not_allowed: 405,

  conflict: 409,
  not_in_control: 409,
  stale_control_epoch: 409,
  conversation_ended: 409,
  no_session: 409,
  idempotency_key_in_flight: 409,

  payload_too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  confirmation_required: 422,
  requires_multi_conversations: 422,
  requires_reopen_disabled: 422,
  requires_customizable_csat: 422,
  idempotency_key_reused: 422,
  locked: 423,
  too_many_requests: 429,
  headers_too_large: 431,

  internal_error: 500,
  unavailable: 503,
  outcome_unknown: 503,
};
