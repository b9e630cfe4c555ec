import { holderIn } from './callers.js';
import { happened, type Draft } from './draft.js';
import { withoutHolder } from './fail-over.js';

/**
 * `replyDeadline`: the holder took what it was sent, and still the end user has no answer. That is announced once;
 * control moves only where the switchboard integration says `replyDeadlineAction: failOver`, for slow is not dead.
 */
export function replyOverdue(draft: Draft): Draft {
  const holder = holderIn(draft);
  const { owedSince } = draft.state.answering;
  if (holder === null || owedSince === null) return draft;
  const late = happened(draft, { type: 'replyOverdue', holder: holder.id, owedSince });
  return holder.deadlines.replyAction === 'failOver' ? withoutHolder(late, holder, 'reply_overdue') : late;
}
