import { Body, Controller, Get, Ip, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ConversationCommands, isOnScale, SurveyLinks, type Refusal } from '../../conversation/index.js';
import { Failure } from '../../kernel/index.js';
import { Guesses, Public } from '../../tenancy/index.js';
import { LinkedSurveys, type LinkedSurvey } from './linked-surveys.query.js';
import { filledIn } from './filled-in.js';
import { PAGE_HEADERS, questionPage, saidPage, unknownPage } from './survey-page.js';

/**
 * The page behind a signed link. Whoever has the link may answer, once; an answer goes the way of every other, through
 * the conversation (`answerSurvey`).
 */
@Public()
@Controller('surveys')
export class SurveyPageController {
  constructor(
    private readonly links: SurveyLinks,
    private readonly surveys: LinkedSurveys,
    private readonly commands: ConversationCommands,
    private readonly guesses: Guesses,
  ) {}

  @Get(':token')
  async ask(@Param('token') token: string, @Ip() ip: string, @Res() reply: FastifyReply): Promise<void> {
    const survey = await this.surveyOf(token, ip);
    if (survey?.standing === 'open') return show(reply, 200, questionPage(survey.asking));
    return standing(reply, survey);
  }

  /** A form as browsers send it. A repeat is told that there is an answer. */
  @Post(':token')
  async answer(
    @Param('token') token: string,
    @Body() body: unknown,
    @Ip() ip: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const survey = await this.surveyOf(token, ip);
    if (survey?.standing !== 'open') return standing(reply, survey);
    const { asking } = survey;
    const { score, comment } = filledIn(body);
    if (!isOnScale(asking.scale, score)) return show(reply, 422, questionPage(asking, { comment }));
    const given = await this.give(survey, score, asking.comment && comment !== '' ? comment : null);
    return given === 'open' ? show(reply, 200, saidPage(asking.words, 'thanks')) : standing(reply, given);
  }

  /** A link that we did not sign is a guess at one that we did. */
  private async surveyOf(token: string, ip: string): Promise<LinkedSurvey | null> {
    const claim = this.links.signature.claimOf(token);
    if (claim !== null) return this.surveys.find(claim);
    const retryAfterSeconds = this.guesses.count(ip);
    if (retryAfterSeconds === null) return null;
    throw new Failure('too_many_requests', 'Too many wrong links came from this address.', { retryAfterSeconds });
  }

  /** The survey as the answer found it. */
  private async give(
    survey: LinkedSurvey,
    score: number,
    comment: string | null,
  ): Promise<LinkedSurvey | 'open' | null> {
    const { id: surveyId, appId, conversationId } = survey;
    const errand = { appId, conversationId, by: { type: 'system' }, idempotency: null } as const;
    try {
      const { decision } = await this.commands.answerSurvey(errand, { surveyId, score, comment }, null);
      return decision.ok ? 'open' : { ...survey, standing: standingAfter(decision.refusal) };
    } catch (error) {
      if (error instanceof Failure && GONE.has(error.code)) return null;
      throw error;
    }
  }
}

const GONE: ReadonlySet<string> = new Set(['conversation_not_found', 'app_not_found']);

const standingAfter = ({ reason }: Refusal): 'answered' | 'closed' =>
  reason === 'surveyAnswered' ? 'answered' : 'closed';

/** 200 for an answer that is there, 410 for what is over, 404 for what never was. */
function standing(reply: FastifyReply, survey: LinkedSurvey | null): void {
  if (survey === null) return show(reply, 404, unknownPage());
  const { words } = survey.asking;
  return survey.standing === 'answered'
    ? show(reply, 200, saidPage(words, 'answered'))
    : show(reply, 410, saidPage(words, 'closed'));
}

function show(reply: FastifyReply, status: number, html: string): void {
  void reply.status(status).headers(PAGE_HEADERS).send(html);
}
