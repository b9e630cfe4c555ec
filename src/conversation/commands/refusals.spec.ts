import { expect, it } from '@jest/globals';
import { Failure } from '../../kernel/index.js';
import { statuses } from '../../platform/http/statuses.js';
import type { Refusal } from '../core/index.js';
import { granted } from './refusals.js';

const told = (refusal: Refusal): readonly [number, string] => {
  try {
    granted({ decision: { ok: false, refusal }, seq: 1, controlEpoch: 1, created: null });
  } catch (error) {
    if (error instanceof Failure) return [statuses[error.code], error.code];
  }
  throw new Error('was granted');
};

it.each<[string, Exclude<Refusal['reason'], 'notInControl' | 'staleControlEpoch'>, number, string]>([
  ['L-2 chat is not set up', 'chatNotEnabled', 403, 'chat_not_enabled'],
  ['M-3 no permission for chat', 'chatRepRequired', 403, 'chat_rep_required'],
  ['M-3, M-4, I-4 somebody else’s session', 'notOwner', 403, 'not_owner'],
  ['M-4 no permission for messaging', 'messagingAgentRequired', 403, 'messaging_agent_required'],
  ['M-5 no permission for lists', 'endAnyRequired', 403, 'end_any_required'],
  ['M-6 not active', 'notActive', 409, 'not_active'],
  ['nothing to end', 'notBegun', 409, 'not_active'],
  ['no agent has it', 'noAgentHasIt', 409, 'not_active'],
  ['nothing to hand on', 'nothingToHandOn', 409, 'not_active'],
  ['waits, so it is assigned', 'assignWaiting', 409, 'session_waiting'],
  ['M-9 the row menu of an enhanced channel', 'rowEndStandardOnly', 409, 'row_end_standard_only'],
  ['M-13 parked under status based', 'inactiveStatusBased', 409, 'inactive_status_based'],
  ['I-3 a standard channel', 'inactivateNotSupported', 409, 'inactivate_not_supported'],
  ['I-5 hidden', 'hiddenByAdmin', 403, 'hidden_by_admin'],
  ['over, and the conversation goes on', 'sessionOver', 409, 'session_over'],
  ['I-12 parked', 'sessionInactive', 409, 'session_inactive'],
  ['E-2 over', 'conversationEnded', 409, 'conversation_ended'],
  ['E-5 another channel', 'notOnThisChannel', 403, 'not_available_on_channel'],
  ['E-14 off', 'endByUserDisabled', 403, 'end_session_disabled'],
  ['A-7 off', 'agentEndDisabled', 403, 'agent_end_disabled'],
  ['T1 another one is live', 'sessionIsLive', 409, 'session_is_live'],
  ['T11 too late', 'offerGone', 409, 'offer_gone'],
  ['T22 no choice', 'choiceRequired', 409, 'choice_required'],
  ['T30 somebody else holds control', 'notTheHolder', 403, 'forbidden'],
])('%s: %s is %i %s', (_row, reason, status, code) => {
  expect(told({ reason } as Refusal)).toEqual([status, code]);
});

it.each(['notBegun', 'notLive', 'noAgentHasIt', 'nothingToHandOn', 'assignWaiting'] as const)(
  '%s is no word about ending from a list',
  (reason) => {
    expect(() =>
      granted({ decision: { ok: false, refusal: { reason } }, seq: 1, controlEpoch: 1, created: null }),
    ).toThrow(expect.objectContaining({ title: expect.not.stringContaining('list') }));
  },
);

it('E-2 says that a new conversation may be begun', () => {
  expect(() =>
    granted({
      decision: { ok: false, refusal: { reason: 'conversationEnded' } },
      seq: 1,
      controlEpoch: 1,
      created: null,
    }),
  ).toThrow(expect.objectContaining({ details: { fields: { newConversationAllowed: true } } }));
});
