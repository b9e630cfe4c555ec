import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { AppId } from '../../kernel/index.js';
import { inApps } from '../../platform/postgres/index.js';
import type { Reader } from '../../reading/index.js';
import { ReadTurns } from '../../tenancy/index.js';
import { BYTE_ORDER_MARK, csvLines } from './csv.js';
import { surveyView, type SurveyView } from './survey-view.js';
import { SurveysQuery, type Survey, type SurveyFilter } from './surveys.query.js';

const BATCH = 500;

const COLUMNS = [
  'id',
  'sessionId',
  'conversationId',
  'userId',
  'status',
  'suppressedBecause',
  'kind',
  'endedBy',
  'endReason',
  'agentId',
  'teamId',
  'queueId',
  'scale',
  'score',
  'comment',
  'via',
  'createdAt',
  'sentAt',
  'answeredAt',
] as const satisfies readonly (keyof SurveyView)[];

/** All surveys of an app that `reader` may read as CSV, a header line first. Read as fast as they are taken: a million cost no memory. */
@Injectable()
export class SurveyExport {
  constructor(
    private readonly surveys: SurveysQuery,
    private readonly turns: ReadTurns,
  ) {}

  csv(appId: AppId, filter: SurveyFilter, reader: Reader | null): Readable {
    return Readable.from(this.lines(appId, filter, reader), { objectMode: false });
  }

  private async *lines(appId: AppId, filter: SurveyFilter, reader: Reader | null): AsyncGenerator<string> {
    yield BYTE_ORDER_MARK + csvLines([COLUMNS]);
    for (let cursor: string | null = null; ;) {
      const slice = { cursor, direction: 'forward', limit: BATCH } as const;
      const read = () => this.surveys.ofApp(appId, filter, slice, reader);
      const batch: readonly Survey[] = await inApps([appId], () => this.turns.piece(appId, read));
      if (batch.length > 0) yield csvLines(batch.map(cellsOf));
      cursor = batch.at(-1)?.id ?? null;
      if (batch.length < BATCH || cursor === null) return;
    }
  }
}

function cellsOf(survey: Survey): (string | number | null)[] {
  const view = surveyView(survey, () => '');
  return COLUMNS.map((column) => view[column]);
}
