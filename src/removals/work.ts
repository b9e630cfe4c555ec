import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { Millis } from '../kernel/index.js';
import { AppContents } from './app-contents.store.js';
import { RemovalCommands } from './commands.js';
import { GroundsStore, type LiveSession, type Standing } from './grounds.store.js';
import { RemovalsStore, type Removal } from './removals.store.js';

/** Commands in the ledger at once: a group, so that other conversations of the app wait for one group at most. */
const AT_ONCE = 64;
/** What one job works before another has its turn. */
const TURN_MS: Millis = 2_000;
/** Between two pieces the job rests for twice as long as the piece took: at most a third of what the ledger can do. */
const REST = 2;
const LONGEST_REST_MS: Millis = 2_000;
/** A deleted app's rows stay so long for those who read it before, and so much longer for webhooks that are away. */
const HEARD_MS: Millis = 2_000;
const HEARD_BY_WEBHOOKS_MS: Millis = 60_000;
const LOOK_AGAIN_MS: Millis = 500;
/** Sessions that still do not end by then are told of in the log, and keep the app no longer. */
const GIVE_UP_MS: Millis = 600_000;

/** One turn of a removal: pieces of its stage, each written down before the next begins. */
@Injectable()
export class RemovalWork {
  constructor(
    private readonly store: RemovalsStore,
    private readonly grounds: GroundsStore,
    private readonly contents: AppContents,
    private readonly commands: RemovalCommands,
  ) {}

  /** Answers how many conversations changed. @throws LedgerBusy, and what the database says */
  turn(removal: Removal, isStopped: () => boolean): Promise<number> {
    const until = performance.now() + TURN_MS;
    const over = (): boolean => isStopped() || performance.now() >= until;
    switch (removal.stage) {
      case 'conversations':
        return this.settle(removal, over);
      case 'sessions':
        return this.end(removal, over);
      case 'announcing':
        return this.await(removal);
      case 'contents':
        return this.erase(removal, over);
      case 'done':
        return Promise.resolve(0);
    }
  }

  private async settle(removal: Removal, over: () => boolean): Promise<number> {
    if (removal.total === null) await this.store.count(removal, await this.grounds.conversations(removal.appId));
    let { place } = removal;
    let settled = 0;
    while (!over()) {
      const { last, lookedAt, standing } = await this.grounds.look({ ...removal, place });
      if (last === null) return this.next(removal, 'done', settled);
      let passed = 0;
      for (let from = 0; from < standing.length; from += AT_ONCE) {
        const piece = standing.slice(from, from + AT_ONCE);
        const outcomes = await rested(() => this.settlePiece(removal, piece));
        const done = count(outcomes, 'done');
        settled += done;
        const { id = place, nth = passed } = piece.at(-1) ?? {};
        const progress = { place: id, lookedAt: nth - passed, settled: done, failed: count(outcomes, 'failed') };
        passed = nth;
        if (!(await this.store.advance(removal, progress))) return settled;
        if (over()) return this.rest(removal, settled);
      }
      place = last;
      const progress = { place, lookedAt: lookedAt - passed, settled: 0, failed: 0 };
      if (!(await this.store.advance(removal, progress))) return settled;
    }
    return this.rest(removal, settled);
  }

  private settlePiece(removal: Removal, piece: readonly Standing[]) {
    return Promise.all(
      piece.map(({ id, seq }) =>
        this.commands.give(removal, id, (to, errand) => to.run(errand, { type: 'settleGround' }), seq),
      ),
    );
  }

  private async end(removal: Removal, over: () => boolean): Promise<number> {
    if (removal.total === null) await this.store.count(removal, await this.grounds.liveSessions(removal.appId));
    let { place } = removal;
    let ended = 0;
    while (!over()) {
      const live = await this.grounds.live({ ...removal, place }, AT_ONCE);
      if (live.length === 0) return this.allEnded(removal, ended);
      const outcomes = await rested(() => Promise.all(live.map((session) => this.endOne(removal, session))));
      const done = count(outcomes, 'done');
      ended += done;
      place = live.at(-1)?.id ?? place;
      const progress = { place, lookedAt: live.length, settled: done, failed: count(outcomes, 'failed') };
      if (!(await this.store.advance(removal, progress))) return ended;
    }
    return this.rest(removal, ended);
  }

  /** What the end asked before is the end that is told (E-13). */
  private endOne(removal: Removal, { id, conversationId, ending }: LiveSession) {
    const by = { type: 'system' } as const;
    return this.commands.give(
      removal,
      conversationId,
      (to, errand) =>
        ending
          ? to.runIn(errand, id, { type: 'releaseControl', by, metadata: null, reason: null })
          : to.end(errand, id, { via: 'automation', reason: 'app_deleted' }),
      null,
    );
  }

  /** Looked for once more from the beginning: nothing of the app goes before each session has ended. */
  private async allEnded(removal: Removal, ended: number): Promise<number> {
    const left = removal.stageMs < GIVE_UP_MS && (await this.grounds.live({ ...removal, place: '' }, 1)).length > 0;
    if (!left) return this.next(removal, 'announcing', ended);
    await this.store.release(removal, LOOK_AGAIN_MS, '');
    return ended;
  }

  /** Webhooks hear of the ends before their integrations go. */
  private async await(removal: Removal): Promise<number> {
    const { appId, stageMs } = removal;
    const isHeard = stageMs >= HEARD_MS && !(await this.contents.isAwaited(appId));
    if (isHeard || stageMs >= HEARD_BY_WEBHOOKS_MS) return this.next(removal, 'contents', 0);
    await this.store.release(removal, LOOK_AGAIN_MS);
    return 0;
  }

  private async erase(removal: Removal, over: () => boolean): Promise<number> {
    let { place } = removal;
    let kept = 0;
    while (!over()) {
      const erased = await rested(() => this.contents.eraseConversations(removal.appId, place));
      kept += erased.kept;
      if (erased.last === null) return this.eraseRest(removal, place !== '' || kept > 0);
      place = erased.last;
      if (!(await this.store.advance(removal, { place, lookedAt: 0, settled: 0, failed: 0 }))) return 0;
    }
    return this.rest(removal, 0);
  }

  /** Conversations that could not go yet, or came behind the place, are looked for once more from the beginning. */
  private async eraseRest(removal: Removal, again: boolean): Promise<number> {
    if (again) {
      await this.store.release(removal, LOOK_AGAIN_MS, '');
      return 0;
    }
    await this.contents.eraseRest(removal.appId);
    return this.next(removal, 'done', 0);
  }

  private async next(removal: Removal, stage: Removal['stage'], settled: number): Promise<number> {
    await this.store.enter(removal, stage);
    return settled;
  }

  private async rest(removal: Removal, settled: number): Promise<number> {
    await this.store.release(removal, 0);
    return settled;
  }
}

/** Does a piece, and rests for twice as long as it took. */
async function rested<T>(piece: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await piece();
  await pause(Math.min(REST * (performance.now() - began), LONGEST_REST_MS));
  return result;
}

const count = (outcomes: readonly string[], outcome: string): number =>
  outcomes.filter((one) => one === outcome).length;
