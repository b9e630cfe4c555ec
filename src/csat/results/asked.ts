import { Failure, parseId, type SessionId } from '../../kernel/index.js';
import { readTimeOrDay } from '../../platform/clock/index.js';
import { filterOf, type Query, severalOf } from '../../platform/http/index.js';
import type { Period, ScoredBy } from './scores.query.js';
import { surveyStatuses, type SurveyFilter } from './surveys.query.js';

export const SURVEY_FILTERS = ['status', 'agentId', 'sessionId'] as const;

/** `filter[status]`, `filter[agentId]`, `filter[sessionId]`. @throws Failure `bad_request` for values that no survey has */
export function surveyFilter(query: Query): SurveyFilter {
  const { status, agentId, sessionId } = filterOf(query, SURVEY_FILTERS);
  return {
    statuses: severalOf(status, surveyStatuses),
    agentId: agentId === undefined ? null : idOf(agentId),
    sessionId: sessionId === undefined ? null : idOf<SessionId>(sessionId),
  };
}

/** `by`, `from` (inclusive) and `to` (exclusive), times with a zone or days of UTC. @throws Failure `bad_request` */
export function scoresAsked({ by, from, to }: Query): { readonly by: ScoredBy | null; readonly period: Period } {
  return {
    by: by === undefined ? null : oneOf<ScoredBy>(['agent', 'team', 'queue'], by),
    period: { from: timeOf('from', from), to: timeOf('to', to) },
  };
}

function oneOf<T extends string>(allowed: readonly T[], value: unknown): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new Failure('bad_request', `Use one of ${allowed.join(', ')}`);
  return found;
}

function idOf<T extends string>(value: string): T {
  const id = parseId<T>(value);
  if (id === null) throw new Failure('bad_request', 'Invalid query parameters');
  return id;
}

function timeOf(name: string, value: unknown): Date | null {
  if (value === undefined) return null;
  const time = typeof value === 'string' ? readTimeOrDay(value) : null;
  if (time !== null) return time;
  throw new Failure('bad_request', `${name} must be a time such as 2026-03-01T00:00:00Z, or a day such as 2026-03-01`);
}
