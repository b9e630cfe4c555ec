import { Template } from '../../bench/copies.js';
import { ConversationCommands } from '../../src/conversation/index.js';
import type { ConversationId, Millis } from '../../src/kernel/index.js';
import type { Config } from '../../src/platform/config/index.js';
import { Metrics } from '../../src/platform/telemetry/index.js';
import { TimersStore } from '../../src/conversation/timers/timers.store.js';
import { TimersSweep } from '../../src/conversation/timers/timers.sweep.js';
import { userText, type Stage } from './stage.js';

const HOUR_MS = 3_600_000;

/** The settings of a stage whose sessions wait in ENDING until their deadline. */
export const ENDING_FOR_AN_HOUR = {
  endSessionEnabled: true,
  onEnd: { endUser: 'pass:survey', agent: 'release', bot: 'release', system: 'release' },
  endingMaxSeconds: HOUR_MS / 1_000,
};

/** Makes conversations in ENDING with their timers, one batch after another. Needs a stage with the settings above. */
export class Endings {
  private made = 0;

  private constructor(
    private readonly stage: Stage,
    private readonly template: Template,
    private readonly templateId: ConversationId,
  ) {}

  static async of(stage: Stage): Promise<Endings> {
    const userId = await stage.user();
    const conversationId = await stage.open(userId);
    const by = { type: 'user', userId } as const;
    const errand = { appId: stage.appId, conversationId, by, idempotency: null };
    await stage.commands.receive(errand, userId, userText(userId));
    await stage.commands.end(errand, null, { via: 'widget' });
    return new Endings(stage, await Template.read(stage.sql, conversationId), conversationId);
  }

  /**
   * @param inMs Until their deadline; by default it was a second ago.
   * @param rowEarlierMs How much sooner their timers' rows are due, as those of waits that have moved on since are.
   */
  async make(count: number, inMs: Millis = -1_000, rowEarlierMs: Millis = 0): Promise<void> {
    const from = this.made + 1;
    this.made += count;
    const copies = { from, to: this.made, laterMs: inMs - HOUR_MS };
    await this.template.copy(this.stage.sql, copies);
    await this.template.arm(this.stage.sql, { ...copies, laterMs: copies.laterMs - rowEarlierMs });
  }

  /** What became of them, by their events. `early`: ended before their deadline. */
  async outcome(): Promise<{ due: number; ended: number; twice: number; early: number }> {
    const { rows } = await this.stage.sql.query(
      `SELECT (SELECT count(*)::int FROM timer WHERE conversation_id <> $1) AS due,
              count(*)::int AS ended, count(*) FILTER (WHERE n > 1)::int AS twice,
              count(*) FILTER (WHERE first < deadline)::int AS early
       FROM (SELECT count(*) AS n, min(extract(epoch FROM at) * 1000) AS first,
                    min((data #>> '{postEnd,deadline}')::float8) AS deadline
             FROM event WHERE type = 'sessionEnded' GROUP BY conversation_id) ends`,
      [this.templateId],
    );
    return rows[0];
  }
}

/** A sweep as a process has it; `commands` may be others than the stage's. */
export function sweepOf(stage: Stage, commands: ConversationCommands = stage.commands): TimersSweep {
  const config = { roles: new Set(['timers']) } as unknown as Config;
  return new TimersSweep(new TimersStore(stage.db), commands, config, new Metrics());
}

/** The stage's commands; `before` sees each that a timer gives, and fails it by throwing. */
export function watched(stage: Stage, before: (conversationId: string) => void): ConversationCommands {
  const watch: Pick<ConversationCommands, 'run'> = {
    run: async (errand, command) => {
      before(errand.conversationId);
      return stage.commands.run(errand, command);
    },
  };
  return Object.setPrototypeOf(watch, stage.commands) as ConversationCommands;
}
