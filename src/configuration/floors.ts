import { Failure } from '../kernel/index.js';

/**
 * The shortest times that may be asked for, in seconds (`docs/queues.md`). Two are documented by Zendesk, the others are
 * ours. With `SWITCHBOARD_TRIAL_TIMES=on` each of them is one second.
 */
const FLOORS = {
  /** Idle rules: 2 minutes to 8 hours (`docs/rules.md` 5.2). */
  idle: 120,
  /** The inactivity of customers: 5 to 30 minutes (I-10). */
  customerInactivity: 300,
  /** After-work time and reminders: ours. */
  short: 10,
  /** Everything else: ours. */
  usual: 60,
} as const;

export type Floor = keyof typeof FLOORS;

/** A time that somebody asks for, with the name of its field; `null` and absent ask for none. */
export type AskedTime = readonly [field: string, seconds: number | null | undefined, floor: Floor];

/** @throws Failure `bad_request`, naming the field, its floor and the setting that lowers it */
export function requireFloors(asked: readonly AskedTime[], { trialTimes }: { readonly trialTimes: boolean }): void {
  if (trialTimes) return;
  for (const [field, seconds, floor] of asked) {
    if (seconds === null || seconds === undefined || seconds >= FLOORS[floor]) continue;
    throw new Failure(
      'bad_request',
      `${field} must be ${FLOORS[floor]} at least; SWITCHBOARD_TRIAL_TIMES=on of the server lowers that to 1 for a trial`,
    );
  }
}
