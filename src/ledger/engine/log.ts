import { Logger } from '@nestjs/common';
import type { Standing } from '../../platform/postgres/index.js';
import { Troubles, type RequestInHand } from '../../platform/telemetry/index.js';
import type { Queued } from '../book.js';
import type { Fate } from './fate.js';

/** A command as the log names it. */
export interface Named<Command = Queued> {
  readonly command: Command;
  /** Who waits for its answer; `null`: a sweep. */
  readonly request: RequestInHand | null;
  /** The groups it was in were halved, because one of them failed. */
  readonly halved: boolean;
}

/** What the engine tells of its failures. Must return at once. */
export interface LedgerLog<Command extends Queued = Queued> {
  /** Some command among these failed; the halves run again. */
  halved(members: readonly Named<Command>[], error: unknown): void;
  /** Nobody else is in the group any more: this one is at fault. */
  failed(member: Named<Command>, error: unknown): void;
  /** PostgreSQL has run out of something that these need. */
  exhausted(members: readonly Named<Command>[], error: unknown): void;
  /** No other group could do it either. */
  givenUp(members: readonly Named<Command>[], error: unknown): void;
  /** COMMIT had no answer; this is what PostgreSQL said when it was asked. */
  ambiguous(members: readonly Named<Command>[], fate: Fate, error: unknown): void;
  hookFailed(error: unknown): void;
  /** A connection for writing could not be opened; it is tried again. */
  unreachable(error: unknown): void;
  /** Every connection for writing stands. */
  reachable(): void;
}

const nothing = (): void => undefined;

export const NO_LOG: LedgerLog = {
  halved: nothing,
  failed: nothing,
  exhausted: nothing,
  givenUp: nothing,
  ambiguous: nothing,
  hookFailed: nothing,
  unreachable: nothing,
  reachable: nothing,
};

/** Of a group as many are named; each one that is refused has a line of its own at the edge. */
const MOST_NAMED = 16;

/**
 * @param room The `context` of the lines.
 * @param standing Is told what becomes of PostgreSQL.
 * @param subject The ids of whom a command concerns, by name, beside its app's.
 */
export function ledgerLog<Command extends Queued>(
  room: string,
  standing: Standing,
  subject: (command: Command) => object,
): LedgerLog<Command> {
  const nameOf = ({ command, request }: Named<Command>): object => ({
    appId: command.appId,
    ...subject(command),
    ...(request !== null && { requestId: request.id }),
  });
  const factsOf = (members: readonly Named<Command>[]): object => {
    const [only] = members;
    if (members.length === 1 && only !== undefined) return { size: 1, ...nameOf(only) };
    return { size: members.length, commands: members.slice(0, MOST_NAMED).map(nameOf) };
  };
  const log = new Logger(room);
  const links = new Troubles(room, {
    fails: 'PostgreSQL cannot be reached for writing',
    over: 'PostgreSQL is reached for writing again',
  });
  return {
    halved: (members, err) => log.warn({ ...factsOf(members), err }, 'a group of commands failed and is halved'),
    failed: (member, err) =>
      log.error(
        { ...nameOf(member), err },
        member.halved ? 'a command made its group fail, which was halved until it stood alone' : 'a command failed',
      ),
    // Each that is refused has a line of its own at the edge.
    exhausted: (_, error) => void standing.notice(error),
    givenUp: (members, err) => log.error({ ...factsOf(members), err }, 'a group of commands was given up'),
    ambiguous: (members, fate, err) =>
      log.warn(
        { ...factsOf(members), fate, err },
        'a COMMIT had no answer, and PostgreSQL was asked what became of it',
      ),
    hookFailed: (err) => log.error({ err }, 'a hand-over after COMMIT threw; sweeps find what it dropped'),
    unreachable: (error) => {
      standing.notice(error);
      links.failed(error);
    },
    reachable: () => links.over(),
  };
}
