/**
 * `npm run bench`: our figures beside what the machine can do without us, in turns in one run, with correctness
 * asserted behind the table. Ratios count; absolute figures belong to the machine and the hour.
 *
 * `BENCH_CELLS` picks groups of cells (`hot,scale,capacity,fairness`); `BENCH_ROUNDS`, `BENCH_SECONDS`, `BENCH_CROWD`,
 * `BENCH_ARMED`, `BENCH_DUE` and `BENCH_AGENTS` say how much of each.
 */
import { checkpoint, pgbench, prepareBaseline } from './baseline.js';
import { capacityCells } from './capacity.js';
import { Board } from './board.js';
import { assertCorrect } from './correctness.js';
import { fairnessCells } from './fairness.js';
import { Field } from './field.js';
import { hotCells } from './hot.js';
import { progress } from './run.js';
import { scaleCells } from './scale.js';
import { startStand, stopOnSignals } from './stand.js';

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);
const seconds = Number(process.env['BENCH_SECONDS'] ?? 3);
const cells = new Set((process.env['BENCH_CELLS'] ?? 'hot,scale,capacity,fairness').split(','));

stopOnSignals();
const stand = await startStand();
try {
  const conversations = cells.has('hot') ? 2_000 : 0;
  progress(`preparing ${conversations} conversations and the baseline`);
  const field = await Field.lay(stand, conversations);
  await prepareBaseline(stand.databaseUrl);

  // A fresh cluster makes and zeroes each log segment while commits wait; a running one writes over old ones.
  progress('filling the write-ahead log once');
  await pgbench(stand.databaseUrl, 10);
  await checkpoint(stand.databaseUrl);

  const board = new Board();
  const run = { board, stand, field, rounds, seconds };
  const sent = cells.has('hot') ? await hotCells(run) : { acceptedMessages: 0, cutOff: 0 };
  const copied = [
    ...(cells.has('scale') ? await scaleCells(run) : []),
    ...(cells.has('capacity') ? await capacityCells(run) : []),
  ];
  if (cells.has('fairness')) await fairnessCells(run);
  progress('checking that nothing was lost or out of order');
  board.asserted('first stand', await assertCorrect(stand, sent, copied));
  board.spent('first stand', stand.cpu());
  board.print(rounds, seconds);
  field.close();
} finally {
  await stand.stop();
}
