import { ongoingView, type AgentAnswer, type AgentRefusal } from '../agents/index.js';
import { assertNever, Failure } from '../kernel/index.js';

/** What was answered, or the refusal as the `Failure` a caller is told. */
export function permitted(answer: AgentAnswer): AgentAnswer {
  if (answer.refusal === null) return answer;
  throw failureOf(answer.refusal);
}

function failureOf(refusal: AgentRefusal): Failure {
  switch (refusal.reason) {
    case 'ongoingSessions':
      return new Failure(
        'ongoing_sessions',
        'The agent has ongoing sessions; each says what becomes of it. Say "confirm" to log out all the same.',
        {
          fields: { ongoingSessions: refusal.work.map(ongoingView) },
        },
      );
    case 'choiceRequired':
      return new Failure('choice_required', 'The session lives still: choose "end" or "inactivate".');
    case 'notOpen':
      return new Failure('conflict', 'The work is only offered: accept or decline it.');
    case 'notLoggedIn':
      return new Failure('not_logged_in', 'The agent is not logged in.');
    case 'connectionReplaced':
      return new Failure('connection_replaced', 'Another desk has logged in since; log in again to take over.');
    case 'agentInactive':
      return new Failure('agent_inactive', 'The agent is not active any more.');
    case 'workItemNotFound':
      return new Failure('work_item_not_found', 'Work item not found');
    case 'notInAfterWork':
      return new Failure('not_in_after_work', 'There is no work after this conversation to extend or to finish.');
    case 'noExtensionLeft':
      return new Failure('no_extension_left', `It was extended ${refusal.mostExtensions} times, which is the limit.`);
    default:
      return assertNever(refusal);
  }
}
