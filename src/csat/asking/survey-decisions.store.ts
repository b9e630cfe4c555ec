import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { SwitchboardEvent } from '../../../sdk/index.js';
import type { CsatSettings } from '../../configuration/index.js';
import { followsTicket, type SurveyDecision } from '../../conversation/index.js';
import { newId } from '../../platform/ids.js';
import { type Tx } from '../../platform/postgres/index.js';
import { askingOf, subjectOf } from './asking.js';
import { surveyFor } from './survey-decision.js';

type Ended = SwitchboardEvent<'session.ended'>['data'];
type Ticket = SwitchboardEvent<'ticket.changed'>['data'];

/** What was heard, with the settings of its app. */
export interface Heard<Data> {
  readonly data: Data;
  readonly csat: CsatSettings;
}

/**
 * Decisions on surveys, from what other events say. An end and its ticket are heard by different consumers, in any order:
 * both lock the session's name first, and whoever comes second sees the first.
 */
@Injectable()
export class SurveyDecisions {
  /** Once per session (`docs/rules.md` 4), whatever the event's id. */
  async ended(tx: Tx, ends: readonly Heard<Ended>[]): Promise<void> {
    if (ends.length === 0) return;
    const sessions = ends.map(({ data }) => data.sessionId);
    await lock(tx, sessions);
    const solved = await takeSolved(tx, sessions);
    await tx
      .insertInto('survey')
      .values(
        ends.map((end) => rowOf(end, surveyFor(end.data, end.csat, { solvedSince: solved.has(end.data.sessionId) }))),
      )
      .onConflict((conflict) => conflict.column('session_id').doNothing())
      .execute();
  }

  /** A ticket that is solved makes up for a survey that the end did not bring; before the end it waits for it. */
  async ticketsSolved(tx: Tx, tickets: readonly Heard<Ticket>[]): Promise<void> {
    const solved = tickets.filter(({ data }) => data.status === 'solved');
    if (solved.length === 0) return;
    const sessions = solved.map(({ data }) => data.sessionId);
    await lock(tx, sessions);
    const surveys = await tx
      .selectFrom('survey')
      .select(['id', 'session_id', 'status', 'suppressed_because', 'asking'])
      .where('session_id', 'in', sessions)
      .execute();
    const known = new Map(surveys.map((survey) => [survey.session_id, survey]));
    for (const { data, csat } of solved) {
      const survey = known.get(data.sessionId);
      if (!survey) await keepSolved(tx, data);
      else if (survey.status === 'suppressed' && followsTicket(survey.suppressed_because ?? '', csat)) {
        const { words } = (survey.asking ?? askingOf(csat, null)) as ReturnType<typeof askingOf>;
        await makeDue(tx, survey.id, csat, words.locale);
      }
    }
  }
}

function rowOf({ data, csat }: Heard<Ended>, decision: SurveyDecision) {
  const { agentId, teamId, queueId } = subjectOf(data);
  const { eligible, suppressedBecause, kind } = decision;
  const told: Partial<Ended['csat']> = data.csat;
  const asking = { ...csat, delivery: told.delivery ?? csat.delivery };
  return {
    id: newId<string>(),
    app_id: data.appId,
    conversation_id: data.conversationId,
    session_id: data.sessionId,
    user_id: data.endUserId,
    status: eligible ? 'due' : 'suppressed',
    kind,
    suppressed_because: suppressedBecause,
    channel_hint: data.csat.channelHint,
    ended_by: data.endedBy.type,
    end_reason: data.endReason,
    created_at: sql<Date>`clock_timestamp()`,
    send_at: eligible ? sendAt(data.endedAt, told.askAt ?? null, csat) : null,
    asking: JSON.stringify(askingOf(asking, data.locale)),
    agent_id: agentId,
    team_id: teamId,
    queue_id: queueId,
  };
}

/** When the source said, or the app's wait after an end of which it said nothing. */
const sendAt = (endedAt: string, askAt: string | null, { waitSeconds }: CsatSettings) =>
  askAt === null
    ? sql<Date>`${endedAt}::timestamptz + make_interval(secs => ${waitSeconds})`
    : sql<Date>`${askAt}::timestamptz`;

/** One after the other for each session, in one order for all transactions. */
async function lock(tx: Tx, sessions: readonly string[]): Promise<void> {
  await sql`
    SELECT pg_advisory_xact_lock(name) FROM (
      SELECT DISTINCT hashtextextended(id, ${SURVEYS}) AS name FROM unnest(${sessions}::text[]) AS id ORDER BY 1
    ) AS names`.execute(tx);
}

/** Sets our advisory locks apart from others'. */
const SURVEYS = 7_263_005;

async function takeSolved(tx: Tx, sessions: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx
    .deleteFrom('solved_ticket')
    .where('session_id', 'in', sessions)
    .returning('session_id')
    .execute();
  return new Set(rows.map(({ session_id }) => session_id));
}

async function keepSolved(tx: Tx, { appId, sessionId }: Ticket): Promise<void> {
  await tx
    .insertInto('solved_ticket')
    .values({ session_id: sessionId, app_id: appId, solved_at: sql<Date>`clock_timestamp()` })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function makeDue(tx: Tx, id: string, csat: CsatSettings, locale: string): Promise<void> {
  await tx
    .updateTable('survey')
    .set({
      status: 'due',
      suppressed_because: null,
      asking: JSON.stringify(askingOf(csat, locale)),
      send_at: sql<Date>`clock_timestamp() + make_interval(secs => ${csat.waitSeconds})`,
    })
    .where('id', '=', id)
    .where('status', '=', 'suppressed')
    .execute();
}
