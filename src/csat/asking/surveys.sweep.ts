import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ConversationCommands, granted, SurveyLinks } from '../../conversation/index.js';
import { Failure, type Millis } from '../../kernel/index.js';
import { Config } from '../../platform/config/index.js';
import { Drain } from '../../platform/lifecycle/index.js';
import { Troubles } from '../../platform/telemetry/index.js';
import { DueSurveys, type DueSurvey } from './due-surveys.store.js';
import { surveyMessage } from './survey-message.js';

/** A survey is asked at most this late, plus its turn in the ledger. */
const SWEEP_MS: Millis = 1_000;
const BATCH = 128;

/**
 * Asks what is due and closes what is open too long. What is to be asked is a row, and the row, the message and the event
 * change in one transaction of the conversation: whenever this process dies, the question is asked once.
 */
@Injectable()
export class SurveysSweep implements OnApplicationBootstrap {
  readonly #sweeps = new Troubles(SurveysSweep.name, {
    fails: 'surveys wait for the next sweep',
    over: 'surveys are asked again',
  });
  readonly #vain = new Troubles(SurveysSweep.name, { fails: 'a survey could not be asked and stays due' });
  #next: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly surveys: DueSurveys,
    private readonly commands: ConversationCommands,
    private readonly links: SurveyLinks,
    private readonly config: Config,
    private readonly drain: Drain,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.roles.has('csat')) return;
    this.drain.add('workers', 'asking for ratings', () => this.stop());
    this.schedule(0);
  }

  /** Asks for nothing more, and waits for what it asked for. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#next) clearTimeout(this.#next);
    await this.#running;
  }

  /** Asks and closes all that is due now; one sweep at a time. */
  sweep(): Promise<void> {
    this.#running = this.#running
      .then(() => this.askAll())
      .then(() => this.closeAll())
      .then(
        () => this.#sweeps.over(),
        (error: unknown) => this.#sweeps.failed(error),
      );
    return this.#running;
  }

  private schedule(delayMs: Millis): void {
    if (this.#stopped) return;
    this.#next = setTimeout(() => void this.sweep().finally(() => this.schedule(SWEEP_MS)), delayMs);
  }

  private async askAll(): Promise<void> {
    for (;;) {
      const due = await this.surveys.due(BATCH);
      const asked = await Promise.all(due.map((survey) => this.ask(survey)));
      // What could not be asked is due still: it waits for the next sweep, not for this loop.
      if (this.#stopped || due.length < BATCH || asked.includes(false)) return;
    }
  }

  private async closeAll(): Promise<void> {
    while (!this.#stopped && (await this.surveys.close(BATCH)) === BATCH);
  }

  private async ask(survey: DueSurvey): Promise<boolean> {
    const { id: surveyId, appId, conversationId, sessionId, asking, agentId, teamId, queueId, now } = survey;
    const { scale, expirySeconds } = asking;
    const link = this.links.urlOf(surveyId, now + expirySeconds * 1000);
    const errand = { appId, conversationId, by: { type: 'system' }, idempotency: null } as const;
    const question = { surveyId, sessionId, scale, expirySeconds, agentId, teamId, queueId };
    try {
      granted(await this.commands.postSurvey(errand, question, surveyMessage(survey, asking, link), link));
      this.#vain.over({}, surveyId);
      return true;
    } catch (error) {
      if (isGone(error)) await this.surveys.giveUp(surveyId);
      else this.#vain.failed(error, { surveyId, appId, conversationId }, surveyId);
      return isGone(error);
    }
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Failure && (error.code === 'conversation_not_found' || error.code === 'app_not_found');
