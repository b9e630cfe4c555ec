// Written from the catalogs of a freshly migrated database by `npm run schema`; never edited by hand.
/* oxlint-disable max-lines */

import type { ColumnType } from 'kysely';

/** A column with a default: may be left out of an insert. */
type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;

/** Read as `Date` (an infinite one as a number), written as `Date` or in ISO form. */
type Timestamp = ColumnType<Date, Date | string>;

export interface Tables {
  agent: AgentTable;
  agent_departure: AgentDepartureTable;
  agent_timer: AgentTimerTable;
  agreement: AgreementTable;
  api_key: ApiKeyTable;
  app: AppTable;
  app_user: AppUserTable;
  audit_chain: AuditChainTable;
  audit_entry: AuditEntryTable;
  consumed_event: ConsumedEventTable;
  conversation: ConversationTable;
  crossed_work: CrossedWorkTable;
  delivery: DeliveryTable;
  event: EventTable;
  former_webhook: FormerWebhookTable;
  holder_watch: HolderWatchTable;
  idempotency: IdempotencyTable;
  integration: IntegrationTable;
  lease: LeaseTable;
  link_request: LinkRequestTable;
  message: MessageTable;
  outbox: OutboxTable;
  participant: ParticipantTable;
  process: ProcessTable;
  queue: QueueTable;
  refusal: RefusalTable;
  removal: RemovalTable;
  routing_conversation: RoutingConversationTable;
  routing_ended: RoutingEndedTable;
  schema_migration: SchemaMigrationTable;
  service_channel: ServiceChannelTable;
  session: SessionTable;
  session_agent: SessionAgentTable;
  solved_ticket: SolvedTicketTable;
  stream_mark: StreamMarkTable;
  survey: SurveyTable;
  switchboard: SwitchboardTable;
  switchboard_integration: SwitchboardIntegrationTable;
  timer: TimerTable;
  waiting: WaitingTable;
  webhook: WebhookTable;
  webhook_old_secret: WebhookOldSecretTable;
  work_item: WorkItemTable;
}

export interface AgentTable {
  id: string;
  app_id: string;
  external_id: string | null;
  role: string;
  active: boolean;
  profile: unknown;
  presence: unknown;
  work: Generated<unknown>;
  seq: Generated<number>;
  status: string;
  offerable: boolean;
  teams: string[];
  skills: string[];
  primary_used: number;
  primary_limit: number;
  open_items: number;
  capacity: unknown;
  created_at: Timestamp;
}

export interface AgentDepartureTable {
  id: string;
  app_id: string;
  agent_id: string;
  work_item_id: string;
  session_id: string;
  conversation_id: string;
  what: string;
  created_at: Timestamp;
}

export interface AgentTimerTable {
  id: string;
  agent_id: string;
  app_id: string;
  kind: string;
  subject: string;
  due_at: Timestamp;
}

export interface AgreementTable {
  name: string;
  value: string;
}

export interface ApiKeyTable {
  id: string;
  scope: string;
  app_id: string | null;
  integration_id: string | null;
  display_name: string;
  secret: Buffer;
  created_at: Timestamp;
  agent_id: string | null;
  grants: Generated<string[]>;
}

export interface AppTable {
  id: string;
  display_name: string;
  settings: Generated<unknown>;
  metadata: Generated<unknown>;
  config_version: Generated<number>;
  created_at: Timestamp;
  removed_at: Timestamp | null;
  names_ahead: Generated<string[]>;
}

export interface AppUserTable {
  id: string;
  app_id: string;
  external_id: string | null;
  authenticated: Generated<boolean>;
  signed_up_at: Timestamp;
  to_be_retained: Generated<boolean>;
  profile: Generated<unknown>;
  metadata: Generated<unknown>;
  created_at: Timestamp;
  email: string | null;
  identities: Generated<unknown>;
  told: Generated<number>;
}

export interface AuditChainTable {
  app_id: string;
  last_number: number;
  last_hash: Buffer;
}

export interface AuditEntryTable {
  app_id: string;
  number: number;
  id: string;
  at: Timestamp;
  actor_type: string;
  key_id: string | null;
  agent_id: string | null;
  request_id: string | null;
  action: string;
  subject: string;
  before: unknown | null;
  after: unknown | null;
  hash: Buffer;
}

export interface ConsumedEventTable {
  consumer: string;
  event_id: string;
  consumed_at: Timestamp;
}

export interface ConversationTable {
  id: string;
  app_id: string;
  user_id: string | null;
  type: string;
  is_default: Generated<boolean>;
  display_name: string | null;
  description: string | null;
  icon_url: string | null;
  metadata: Generated<unknown>;
  seq: number;
  control_epoch: number;
  state: unknown;
  business_last_read: Timestamp | null;
  last_updated_at: Timestamp;
  created_at: Timestamp;
}

export interface CrossedWorkTable {
  subject: string;
  agent_id: string;
  what: string;
  app_id: string;
  agent_app_id: string | null;
  session_id: string;
  conversation_id: string;
  was: unknown | null;
  found_at: Generated<Timestamp>;
  told_at: Timestamp | null;
}

export interface DeliveryTable {
  id: string;
  partition: number;
  app_id: string;
  webhook_id: string;
  lane: string;
  position: number;
  event_id: string;
  trigger: string;
  body: string;
  attempts: Generated<number>;
  first_at: Timestamp | null;
  created_at: Timestamp;
  next_at: Timestamp;
  done_at: Timestamp | null;
  outcome: string | null;
  last_error: string | null;
}

export interface EventTable {
  conversation_id: string;
  seq: number;
  id: string;
  type: string;
  at: Timestamp;
  control_epoch: number;
  data: unknown;
  left_user: string | null;
  app_id: string | null;
}

export interface FormerWebhookTable {
  id: string;
  app_id: string;
  integration_id: string;
  gone_at: Timestamp;
}

export interface HolderWatchTable {
  delivery_id: string;
  partition: number;
  role: string;
  mark: number;
  since: Timestamp;
  due_at: Timestamp;
}

export interface IdempotencyTable {
  key: Buffer;
  fingerprint: Buffer;
  answer: Buffer;
  created_at: Timestamp;
  about: string | null;
}

export interface IntegrationTable {
  id: string;
  app_id: string;
  type: string;
  status: Generated<string>;
  display_name: string | null;
  default_responder_id: string | null;
  created_at: Timestamp;
  was_linked: Generated<boolean>;
  settings: Generated<unknown>;
}

export interface LeaseTable {
  partition: number;
  owner: string | null;
  fence: Generated<number>;
  expires_at: Generated<Timestamp>;
}

export interface LinkRequestTable {
  digest: Buffer;
  app_id: string;
  user_id: string;
  channel_id: string;
  expires_at: Timestamp;
  confirmed_at: Timestamp | null;
}

export interface MessageTable {
  conversation_id: string;
  seq: number;
  id: string;
  received_at: Timestamp;
  author_type: string;
  body: unknown;
  app_id: string | null;
}

export interface OutboxTable {
  partition: number;
  conversation_id: string;
  seq: number;
  event_id: string;
  subject: string;
  body: string;
  created_at: Timestamp;
  published_at: Timestamp | null;
  stream_seq: number | null;
}

export interface ParticipantTable {
  id: string;
  conversation_id: string;
  user_id: string;
  last_read_seq: Generated<number>;
  last_read_at: Timestamp | null;
  created_at: Timestamp;
}

export interface ProcessTable {
  id: string;
  seen_at: Timestamp;
  settings: Generated<unknown>;
}

export interface QueueTable {
  id: string;
  app_id: string;
  name: string;
  teams: Generated<string[]>;
  skills: Generated<string[]>;
  asked_first: string[];
  weight: number | null;
  push_timeout_seconds: number | null;
  auto_accept: Generated<boolean>;
  wait_seconds: number | null;
  most_waiting: number | null;
  hours: unknown | null;
  overflow_to: Generated<string>;
  overflow_queue_id: string | null;
  overflow_bot: string | null;
  check_on_return: Generated<boolean>;
  takes_transfers: Generated<boolean>;
  created_at: Timestamp;
}

export interface RefusalTable {
  conversation_id: string;
  id: string;
  at: Timestamp;
  seq: number;
  control_epoch: number;
  reason: string;
  data: unknown;
}

export interface RemovalTable {
  id: string;
  app_id: string;
  kind: string;
  subject: string;
  grounds: string[];
  stage: string;
  stage_since: Timestamp;
  place: Generated<string>;
  total: number | null;
  looked_at: Generated<number>;
  settled: Generated<number>;
  failed: Generated<number>;
  started_at: Timestamp;
  finished_at: Timestamp | null;
  next_at: Timestamp;
  fence: Generated<number>;
}

export interface RoutingConversationTable {
  conversation_id: string;
  app_id: string;
  holder_id: string | null;
  session_open: boolean;
  holder_seq: number;
  session_seq: number;
}

export interface RoutingEndedTable {
  session_id: string;
  app_id: string;
  conversation_id: string;
  ended_by: string;
  end_reason: string;
  ended_at: Timestamp;
}

export interface SchemaMigrationTable {
  version: number;
  name: string;
  checksum: string;
  applied_at: Generated<Timestamp>;
}

export interface ServiceChannelTable {
  id: string;
  app_id: string;
  name: string;
  kind: string;
  tier: string;
  is_default: Generated<boolean>;
  capacity_model: string;
  weight: number;
  percent: number | null;
  paused_weight: number;
  interruptible: boolean;
  bucket: string;
  count_inactive: boolean;
  after_work: unknown | null;
  customer_inactivity_seconds: number | null;
  opt_in: string;
  end_user_end: boolean | null;
  queue_id: string | null;
  no_response_seconds: number | null;
  agent_ended_as: string;
  created_at: Timestamp;
}

export interface SessionTable {
  id: string;
  app_id: string;
  conversation_id: string;
  user_id: string | null;
  status: string;
  started_at: Timestamp;
  ended_at: Timestamp | null;
  data: unknown;
  agents: Generated<string[]>;
  guests: Generated<string[]>;
  owner: string | null;
  queue_id: string | null;
}

export interface SessionAgentTable {
  app_id: string;
  agent_id: string;
  session_id: string;
}

export interface SolvedTicketTable {
  session_id: string;
  app_id: string;
  solved_at: Timestamp;
}

export interface StreamMarkTable {
  stream: string;
  created: string;
  last_seq: number;
  generation: Generated<number>;
  marked_at: Timestamp;
}

export interface SurveyTable {
  id: string;
  app_id: string;
  conversation_id: string;
  session_id: string;
  user_id: string | null;
  status: string;
  kind: string | null;
  suppressed_because: string | null;
  channel_hint: string;
  ended_by: string;
  end_reason: string;
  created_at: Timestamp;
  send_at: Timestamp | null;
  sent_at: Timestamp | null;
  expires_at: Timestamp | null;
  answered_at: Timestamp | null;
  asking: unknown | null;
  form_id: string | null;
  answer_id: string | null;
  answered_by: string | null;
  score: number | null;
  comment: string | null;
  agent_id: string | null;
  team_id: string | null;
  queue_id: string | null;
}

export interface SwitchboardTable {
  id: string;
  app_id: string;
  enabled: Generated<boolean>;
  default_id: string | null;
  control_enforcement: Generated<string>;
  offer_expiry_seconds: number | null;
  created_at: Timestamp;
  fail_over_note: Generated<string | null>;
  parting_seconds: Generated<number>;
  outsiders: Generated<string>;
  hand_off_limit: Generated<number>;
}

export interface SwitchboardIntegrationTable {
  id: string;
  switchboard_id: string;
  app_id: string;
  name: string;
  integration_id: string;
  integration_type: string;
  kind: Generated<string>;
  deliver_standby_events: Generated<boolean>;
  next_id: string | null;
  message_history_count: number | null;
  created_at: Timestamp;
  holder_deadline_seconds: Generated<number | null>;
  reply_deadline_seconds: number | null;
  reply_deadline_action: Generated<string>;
}

export interface TimerTable {
  id: string;
  conversation_id: string;
  app_id: string;
  kind: string;
  subject: string;
  due_at: Timestamp;
}

export interface WaitingTable {
  session_id: string;
  conversation_id: string;
  app_id: string;
  queue_id: string | null;
  requested_at: Timestamp;
  since: Timestamp;
  priority: number;
  skills: unknown;
  load: unknown;
  preferred: string | null;
  last_agent: string | null;
  tried: unknown;
  offered_to: string | null;
  work_item_id: string | null;
  overflowed: boolean;
}

export interface WebhookTable {
  id: string;
  app_id: string;
  integration_id: string;
  target: string;
  triggers: string[];
  secret: Buffer;
  include_full_user: Generated<boolean>;
  include_full_source: Generated<boolean>;
  created_at: Timestamp;
  retry_schedule: number[] | null;
  retry_window_seconds: number | null;
}

export interface WebhookOldSecretTable {
  id: string;
  app_id: string;
  webhook_id: string;
  secret: Buffer;
  expires_at: Timestamp;
}

export interface WorkItemTable {
  id: string;
  app_id: string;
  agent_id: string;
  session_id: string;
  conversation_id: string;
  queue_id: string | null;
  status: string;
  closed_because: string | null;
  tab_open: boolean;
  automatic: boolean;
  load: unknown;
  idle: boolean;
  after_work: unknown | null;
  ticket: unknown | null;
  offered_at: Timestamp | null;
  opened_at: Timestamp | null;
  closed_at: Timestamp | null;
  notes: string | null;
  draft: string | null;
}
