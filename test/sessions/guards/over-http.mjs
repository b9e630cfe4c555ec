/** What only the API can show: lists, and several sessions in one call. */
import { watchedBy } from './guard.mjs';

const lists = watchedBy('test/integration/sessions/lists.spec.ts', 'src');
const query = 'sessions/sessions.query.ts';
const service = 'sessions/sessions.service.ts';
const guards = 'conversation/core/decide/end-guards.ts';
const repeated = "if ('repeated' in decision && decision.repeated) return { sessionId, result: 'already_ended' };";

export const overHttp = [
  lists('M-8', 'the end user', query, '.$if(filter.userId !== null,', '.$if(filter.userId === undefined,'),
  lists('M-8', 'the status', query, '.$if(filter.status !== null,', '.$if(filter.status === undefined,'),
  lists(
    'M-10',
    'a result for each',
    service,
    'if (error instanceof Failure) return { sessionId, result: error.code };',
    '',
  ),
  lists('M-10', 'that a repeat ends nothing', service, repeated, ''),
  lists(
    'M-10',
    'the rule for each',
    guards,
    "return parked ? { reason: 'inactiveStatusBased' } : null;",
    'return null;',
  ),
];
