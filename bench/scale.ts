import { checkpoint, pgbench } from './baseline.js';
import { controlChanges } from './cells.js';
import { assertCorrect } from './correctness.js';
import { crowd, ENDING_MS, Overdue } from './crowd.js';
import type { Template } from './copies.js';
import { Field } from './field.js';
import { progress, type Run } from './run.js';
import { startStand } from './stand.js';

/** Conversations of the crowd. */
const CROWD = Number(process.env['BENCH_CROWD'] ?? 1_000_000);
/** Timers that are not due. */
const ARMED = Number(process.env['BENCH_ARMED'] ?? CROWD);
const FEW = Math.min(10_000, CROWD / 2);
/** Timers that come due at once. */
const DUE = Number(process.env['BENCH_DUE'] ?? 10_000);

const L1 = 'L1 beside timers and growth';

/**
 * G8 and G9: the same server over a crowd of conversations and armed timers, on a stand of its own, which begins when
 * the other cells are done. Answers the template of the copies on the first stand.
 */
export async function scaleCells(run: Run): Promise<readonly Template[]> {
  const { board, rounds, seconds } = run;
  progress(`filling ${FEW} conversations, and ${CROWD} with ${ARMED} armed timers beside`);
  const few = await crowd(run.stand, run.field, FEW, FEW);
  const stand = await startStand();
  try {
    const onEnd = { system: 'pass:pong' };
    const field = await Field.lay(stand, 0, { onEnd, endingMaxSeconds: ENDING_MS / 1_000 });
    const many = await crowd(stand, field, CROWD, ARMED);
    const overdue = await Overdue.of(stand, field);
    const names = [FEW, CROWD].map((size) => `control changes, 64 connections, among ${size} conversations`);
    const due = `${DUE} due timers among ${ARMED}, sessions ended`;
    const sides = [
      { name: names[0]!, stand: run.stand, field: run.field, among: few },
      { name: names[1]!, stand, field, among: many },
    ];
    // Both servers have run for a while before they are compared.
    for (const side of sides) await controlChanges(side.stand, side.field, 64, seconds, side.among);
    for (let round = 1; round <= rounds; round++) {
      progress(`timers and growth, round ${round} of ${rounds}`);
      await checkpoint(run.stand.databaseUrl);
      board.note(L1, '/s', await pgbench(run.stand.databaseUrl, seconds));
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
        await Promise.all(sides.map((each) => each.field.app.quiet()));
        await checkpoint(side.stand.databaseUrl);
        board.note(side.name, '/s', (await controlChanges(side.stand, side.field, 64, seconds, side.among)).rate);
      }
      await Promise.all(sides.map((each) => each.field.app.quiet()));
      const fired = await overdue.fire(DUE);
      board.note(due, '/s', fired.rate);
      board.note(`${due}, from armed to the last`, 's', fired.seconds);
    }
    board.ratioGoal(`G8 ${DUE} due timers among ${ARMED}, ended / L1`, 0.3, 0.6, [due, L1]);
    board.ratioGoal(`G9 control changes among ${CROWD} / among ${FEW}`, 0.85, 0.95, [names[1]!, names[0]!]);
    progress('checking the crowd');
    const nothing = { acceptedMessages: 0, cutOff: 0 };
    board.asserted('crowd', await assertCorrect(stand, nothing, [many.template, overdue.template]));
    board.spent('crowd', stand.cpu());
    field.close();
  } finally {
    await stand.stop();
  }
  return [few.template];
}
