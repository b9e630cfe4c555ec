import { Failure } from '../../kernel/index.js';
import { failureOf } from '../commands/refusals.js';
import type { SettledAnswer } from '../recorded.js';

/** What a refusal may tell an end user beside its words; the holder of control and its epoch it may not. */
const TOLD = ['newConversationAllowed'] as const;

/** What was answered, or the refusal as the `Failure` that an end user is told. */
export function grantedToEndUser(answer: SettledAnswer): SettledAnswer {
  if (answer.decision.ok) return answer;
  throw forEndUser(failureOf(answer.decision.refusal));
}

function forEndUser({ code, title, details }: Failure): Failure {
  const told = TOLD.filter((name) => details.fields?.[name] !== undefined);
  const fields = Object.fromEntries(told.map((name) => [name, details.fields?.[name]]));
  const isFenced = code === 'not_in_control' || code === 'stale_control_epoch';
  return new Failure(code, isFenced ? 'Somebody else is to speak now.' : title, { ...details, fields });
}
