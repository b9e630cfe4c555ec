/**
 * What went wrong, in words every room shares. Rooms throw a `Failure`; only the edge knows HTTP statuses
 * (`platform/http/statuses.ts` is the one table). Expected refusals of the core are values, not failures.
 */
export type FailureCode =
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden'
  | 'app_not_found'
  | 'conversation_not_found'
  | 'user_not_found'
  | 'integration_not_found'
  | 'switchboard_not_found'
  | 'switchboard_integration_not_found'
  | 'session_not_found'
  | 'queue_not_found'
  | 'channel_not_found'
  | 'client_not_found'
  | 'device_not_found'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'too_many_switchboard_integrations'
  | 'switchboard_invalid_target'
  | 'switchboard_invalid_action'
  | 'not_in_control'
  | 'stale_control_epoch'
  | 'conversation_ended'
  | 'no_session'
  | 'end_session_disabled'
  | 'agent_end_disabled'
  | 'confirmation_required'
  | 'requires_multi_conversations'
  | 'requires_reopen_disabled'
  | 'requires_customizable_csat'
  | 'form_submitted'
  | 'survey_answered'
  | 'survey_closed'
  | 'not_available_on_channel'
  | 'not_while_end_user_can_end'
  | 'not_active'
  | 'not_owner'
  | 'chat_not_enabled'
  | 'chat_rep_required'
  | 'messaging_agent_required'
  | 'end_any_required'
  | 'row_end_standard_only'
  | 'inactive_status_based'
  | 'inactivate_not_supported'
  | 'hidden_by_admin'
  | 'session_over'
  | 'session_inactive'
  | 'session_waiting'
  | 'choice_required'
  | 'offer_gone'
  | 'not_your_offer'
  | 'not_waiting'
  | 'agent_not_available'
  | 'no_capacity'
  | 'destination_not_found'
  | 'supervisor_required'
  | 'session_is_live'
  | 'may_not_start'
  | 'no_consent'
  | 'no_consent_asked'
  | 'agent_not_found'
  | 'agent_inactive'
  | 'work_item_not_found'
  | 'ongoing_sessions'
  | 'not_logged_in'
  | 'connection_replaced'
  | 'not_in_after_work'
  | 'no_extension_left'
  | 'idempotency_key_in_flight'
  | 'idempotency_key_reused'
  | 'payload_too_large'
  | 'headers_too_large'
  | 'request_timeout'
  | 'unsupported_media_type'
  | 'unprocessable'
  | 'locked'
  | 'too_many_requests'
  | 'internal_error'
  | 'not_implemented'
  | 'unavailable'
  | 'outcome_unknown';

export interface FailureDetails {
  /** Seconds after which a repeat makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /**
   * Milliseconds for which the caller's answer is held back: one who asks again and again at once does so no faster than
   * that. For refusals of those who ask too much; they are expected, so the log says nothing of each.
   */
  readonly heldMs?: number;
  /** Further fields of the error entry, such as the holder of control. Never a secret. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    readonly code: FailureCode,
    /** Shown to the caller: says what to do. */
    readonly title: string,
    readonly details: FailureDetails = {},
  ) {
    super(title, { cause: details.cause });
  }
}
