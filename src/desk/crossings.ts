import { Inject, Injectable, Logger } from '@nestjs/common';
import { askedByHouse, CHANGE_LOG, type ChangeLog } from '../configuration/index.js';
import { ConversationCommands, type Errand } from '../conversation/index.js';
import { Failure } from '../kernel/index.js';
import { Config } from '../platform/config/index.js';
import { Db, inApps } from '../platform/postgres/index.js';
import { Troubles } from '../platform/telemetry/index.js';
import { CrossingsStore, type Crossing } from './crossings.store.js';

const AGAIN_MS = 1_000;
const BATCH = 64;

/**
 * Tells conversations that an agent of another app, to whom earlier versions let them be given, is gone. The migration
 * closed the agent's side of it; the conversation's is a command like any other, so that its events have numbers and
 * consumers hear of them. A process that dies in between leaves the row, and what is told twice changes nothing.
 */
@Injectable()
export class Crossings {
  private readonly log = new Logger(Crossings.name);
  private readonly troubles = new Troubles(Crossings.name, {
    fails: 'a session keeps an agent of another app for now',
  });
  private next: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly store: CrossingsStore,
    private readonly db: Db,
    private readonly commands: ConversationCommands,
    @Inject(CHANGE_LOG) private readonly changes: ChangeLog,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.roles.has('timers')) this.schedule(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.next) clearTimeout(this.next);
    await this.running;
  }

  /** Again until all have heard: none can come after them. */
  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.next = setTimeout(() => {
      this.running = this.sweep()
        .catch((error: unknown) => {
          this.troubles.failed(error);
          return false;
        })
        .then((done) => (done ? undefined : this.schedule(AGAIN_MS)));
    }, delayMs);
  }

  /** Answers whether every one was told. */
  private async sweep(): Promise<boolean> {
    while (!this.stopped) {
      const crossings = await this.store.untold(BATCH);
      for (const crossing of crossings) if (!(await this.tell(crossing))) return false;
      if (crossings.length < BATCH) return true;
    }
    return false;
  }

  private async tell(crossing: Crossing): Promise<boolean> {
    try {
      await this.run(crossing);
    } catch (error) {
      if (!isGone(error)) {
        const { appId, conversationId, sessionId } = crossing;
        this.troubles.failed(error, { appId, conversationId, sessionId }, sessionId);
        return false;
      }
    }
    const isNews = await inApps([crossing.appId], () =>
      this.db.transaction(async (tx) => {
        const told = await this.store.told(tx, crossing);
        if (told) await this.changes.write(tx, deedOf(crossing));
        return told;
      }),
    );
    if (isNews) this.log.warn(wordsOf(crossing));
    return true;
  }

  private async run({ appId, conversationId, sessionId, agentId, what }: Crossing): Promise<void> {
    const by = { type: 'system' } as const;
    const errand: Errand = { appId, conversationId, by, idempotency: null };
    const gone =
      what === 'work'
        ? ({ type: 'detachAgent', agentId, workItemId: null, why: 'agent_offline' } as const)
        : ({ type: 'observeSession', by, agentId, present: false } as const);
    await this.commands.runIn(errand, sessionId, gone);
  }
}

/** In the audit log of the app whose session it was; whose agent it was is not its business. */
const deedOf = ({ appId, subject, what, sessionId, agentId }: Crossing) => ({
  ...askedByHouse,
  appId,
  action: what === 'work' ? ('workItem.close' as const) : ('session.leave' as const),
  subject,
  before: { sessionId, agentId, reason: 'the agent is of another app' },
  after: null,
});

const wordsOf = ({ appId, sessionId, agentId, agentAppId }: Crossing): string =>
  `session ${sessionId} of app ${appId} was with agent ${agentId} of ${agentAppId === null ? 'no app' : `app ${agentAppId}`}: taken back`;

const GONE: readonly string[] = ['conversation_not_found', 'app_not_found'];

const isGone = (error: unknown): boolean => error instanceof Failure && GONE.includes(error.code);
