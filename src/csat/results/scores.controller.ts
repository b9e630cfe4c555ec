import { Controller, Get, Query } from '@nestjs/common';
import type { AppId } from '../../kernel/index.js';
import { TakesQuery, type Query as QueryString } from '../../platform/http/index.js';
import { readerOf, type ReadingCaller } from '../../reading/index.js';
import { Allow, AppIdOf, Caller } from '../../tenancy/index.js';
import { scoresAsked } from './asked.js';
import { ScoresQuery } from './scores.query.js';
import { scoresFrom } from './scores.js';

/** How satisfied end users were, by whom they rated and when they answered. Agents read what they may of the surveys. */
@Allow('account', 'app', 'agent')
@Controller('v2/apps/:appId/csat/scores')
export class ScoresController {
  constructor(private readonly scores: ScoresQuery) {}

  /** `by=agent|team|queue` (without it, all together), `from` (inclusive) and `to` (exclusive). */
  @Get()
  @TakesQuery({ words: ['by', 'from', 'to'] })
  async list(@AppIdOf() appId: AppId, @Caller() caller: ReadingCaller, @Query() query: QueryString): Promise<object> {
    const { by, period } = scoresAsked(query);
    const scores = scoresFrom(await this.scores.tallies(appId, by, period, readerOf(caller)));
    return {
      scores: scores.map(({ subject, ...score }) => (by === null ? score : { [`${by}Id`]: subject, ...score })),
    };
  }
}
