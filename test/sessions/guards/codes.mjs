/** The codes that refusals are told with (src/conversation/commands/refusals.ts). */
import { watchedBy } from './guard.mjs';

const without = watchedBy('src/conversation/commands/refusals.spec.ts', 'src/conversation/commands');
const code = (row, name) => without(row, 'its code', 'refusals.ts', `'${name}',`, "'bad_request',");
const inTable = (row, refusal, name) =>
  without(row, 'its code', 'refusals.ts', `${refusal}: ['${name}',`, `${refusal}: ['bad_request',`);

export const codes = [
  inTable('L-2', 'chatNotEnabled', 'chat_not_enabled'),
  inTable('M-3', 'chatRepRequired', 'chat_rep_required'),
  inTable('M-4', 'messagingAgentRequired', 'messaging_agent_required'),
  inTable('I-4', 'notOwner', 'not_owner'),
  inTable('M-5', 'endAnyRequired', 'end_any_required'),
  inTable('M-6', 'notActive', 'not_active'),
  inTable('M-9', 'rowEndStandardOnly', 'row_end_standard_only'),
  code('M-13', 'inactive_status_based'),
  inTable('I-3', 'inactivateNotSupported', 'inactivate_not_supported'),
  inTable('I-5', 'hiddenByAdmin', 'hidden_by_admin'),
  inTable('I-12', 'sessionInactive', 'session_inactive'),
  inTable('E-5', 'notOnThisChannel', 'not_available_on_channel'),
  inTable('T1', 'sessionIsLive', 'session_is_live'),
  inTable('T11', 'offerGone', 'offer_gone'),
  inTable('T22', 'choiceRequired', 'choice_required'),
  without('E-2', 'what it says', 'refusals.ts', '{ fields: { newConversationAllowed } },', '{},'),
  without('E-14', 'its code', 'refusals.ts', "new Failure('end_session_disabled',", "new Failure('bad_request',"),
  without('A-7', 'its code', 'refusals.ts', "new Failure('agent_end_disabled',", "new Failure('bad_request',"),
  without(
    'T30',
    'its code',
    'refusals.ts',
    "new Failure('forbidden', 'Only the integration",
    "new Failure('bad_request', 'Only the integration",
  ),
];
