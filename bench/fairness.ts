import { openArena, type Arena } from './arena.js';
import { median, percentile } from './figures.js';
import { botFlood, onABusyMachine, pageFlood, userFlood, type Answered } from './floods.js';
import { assertCorrect } from './correctness.js';
import { callsOf, latenessOf, messagesOf, said, say, type Times } from './probes.js';
import { progress, type Run } from './run.js';
import { startStand, type Stand } from './stand.js';

/** Of calls, at least so long: a hundredth of what is measured must be something. */
const SHORTEST = 5;
/** Deadlines are a second long and looked at once a second: a few of each kind. */
const FOR_DEADLINES = 10;
/** How many times worse than without the flood. */
const BOUND = 3;

const MACHINES = [
  ['quiet machine', (work: () => Promise<void>) => work()],
  ['busy machine', onABusyMachine],
] as const;

interface Flood {
  readonly who: string;
  readonly arena: Arena;
  readonly send: (stand: Stand, arena: Arena, seconds: number) => Promise<Answered>;
  readonly seconds: number;
  /** What the others notice, within these seconds. */
  readonly probe: () => Promise<Noticed>;
}

interface Noticed {
  readonly calls: Times;
  readonly lateness: Times;
}

/**
 * What the others notice of a flood: the same calls on the same server in the same run, in turns with and without it, on
 * the machine as it is and beside two endless loops. Whoever does not flood must not be refused once. On a stand of its own.
 */
export async function fairnessCells(run: Run): Promise<void> {
  const stand = await startStand();
  try {
    await onStand({ ...run, stand });
    progress('checking that nothing was lost or out of order under the floods');
    run.board.asserted('floods', await assertCorrect(stand, { acceptedMessages: said(), cutOff: 0 }));
    run.board.spent('floods', stand.cpu());
  } finally {
    await stand.stop();
  }
}

async function onStand(run: Run): Promise<void> {
  const { stand } = run;
  const seconds = Math.max(run.seconds, SHORTEST);
  for (const [who, send] of [
    ['a bot at 300/s', botFlood],
    ['an end user with 60 under way', userFlood],
  ] as const) {
    const arena = await openArena(stand);
    const probe = async (): Promise<Noticed> => ({
      calls: await callsOf(arena, seconds),
      lateness: await latenessOf(stand, arena, FOR_DEADLINES),
    });
    await inTurns(run, { who, arena, send, seconds: seconds + FOR_DEADLINES, probe });
  }
  const [reader, other] = [await openArena(stand), await openArena(stand)];
  for (let n = 0; n < 110; n++) await say(reader, reader.holder, `message ${n} of a page that is read again and again`);
  const probe = async (): Promise<Noticed> => ({ calls: await messagesOf(other, seconds), lateness: {} });
  await inTurns(run, { who: 'an app that reads 900 pages/s', arena: reader, send: pageFlood, seconds, probe });
}

async function inTurns(run: Run, flood: Flood): Promise<void> {
  for (const [machine, beside] of MACHINES) {
    const names = new Set<string>();
    for (let round = 1; round <= run.rounds; round++) {
      progress(`fairness: ${flood.who}, ${machine}, round ${round} of ${run.rounds}`);
      for (const flooded of round % 2 === 0 ? [true, false] : [false, true]) {
        await flood.arena.app.quiet();
        await beside(async () => {
          for (const name of await phase(run, flood, machine, flooded)) names.add(name);
        });
      }
    }
    for (const name of names) {
      const [beside_, without] = [true, false].map((flooded) => named(name, flood, machine, flooded));
      run.board.ratioGoal(`${name}, ${machine}: beside ${flood.who} / without`, BOUND, BOUND, [beside_!, without!]);
    }
  }
}

/** Notes what was noticed; answers its names. */
async function phase(run: Run, flood: Flood, machine: string, flooded: boolean): Promise<string[]> {
  const { board, stand } = run;
  const sending = flooded ? flood.send(stand, flood.arena, flood.seconds) : null;
  sending?.catch(() => undefined);
  const { calls, lateness } = await flood.probe();
  const note = (name: string, value: number): string => {
    board.note(named(name, flood, machine, flooded), 'ms', value);
    return name;
  };
  const names = [
    ...[50, 99].flatMap((p) =>
      Object.entries(calls).map(([what, times]) => note(`${what}, p${p}`, percentile(times, p))),
    ),
    ...Object.entries(lateness).map(([what, times]) => note(`${what}, late by (median)`, median(times))),
  ];
  const answered = await sending;
  if (answered !== null) {
    const { sent, refused } = answered;
    board.note(`${flood.who}, ${machine}: refused of what it sent`, '%', (100 * refused) / sent);
  }
  return names;
}

const named = (name: string, { who }: Flood, machine: string, flooded: boolean): string =>
  `${name}, ${machine}, ${flooded ? 'beside' : 'without'} ${who}`;
