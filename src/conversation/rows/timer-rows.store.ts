import type { RowWriter, Written } from '../../ledger/index.js';
import { newId } from '../../platform/ids.js';
import { isoTime } from '../../platform/clock/index.js';
import { waitsOf, type ConversationCommand, type Wait } from '../core/index.js';
import type { Settled } from '../recorded.js';

type Place = Pick<Settled, 'conversationId' | 'appId'>;
type Named = Pick<Wait, 'kind' | 'subject'>;

/**
 * Keeps one row per running wait: what began to wait is inserted, what waits no longer is deleted, and a timer that
 * fired is deleted in the transaction that dealt with it, also when it came too late to matter.
 *
 * A row may be due before its wait is over: silence that is broken again and again costs no write, and a firing that
 * comes too early arms the row anew. A row is never due after its wait.
 */
export const timerRows: RowWriter<Settled> = {
  name: 'timer',
  write(entries): Written | null {
    const set: (Wait & Place)[] = [];
    const gone: (Named & Pick<Settled, 'conversationId'>)[] = [];
    for (const entry of entries) {
      const { conversationId, appId } = entry;
      const { armed, over } = changedWaits(entry);
      for (const wait of armed) set.push({ conversationId, appId, ...wait });
      for (const wait of over) gone.push({ conversationId, ...wait });
    }
    if (set.length === 0 && gone.length === 0) return null;
    const values = [
      gone.map(({ conversationId }) => conversationId),
      gone.map(({ kind }) => kind),
      gone.map(({ subject }) => subject),
      set.map(() => newId()),
      set.map(({ conversationId }) => conversationId),
      set.map(({ appId }) => appId),
      set.map(({ kind }) => kind),
      set.map(({ subject }) => subject),
      set.map(({ due }) => isoTime(due)),
    ];
    return { statement: { name: 'write_timer', text: REPLACE, values } };
  },
};

const nothing: { readonly armed: readonly Wait[]; readonly over: readonly Named[] } = { armed: [], over: [] };

function changedWaits({ command, before, after, recorded, world }: Settled): typeof nothing {
  const fired = firedBy(command);
  if (fired === null && recorded.length === 0) return nothing;
  const waited = waitsOf(before, world);
  const waits = waitsOf(after, world);
  const again = fired && find(waits, fired);
  const early = again && again.due > world.now ? [again] : [];
  const sooner = (wait: Wait): boolean => {
    const known = find(waited, wait);
    return !known || wait.due < known.due;
  };
  const armed = waits.filter(sooner);
  return {
    armed: [...armed, ...early.filter((wait) => !armed.includes(wait))],
    over: [
      ...waited.filter((wait) => !find(waits, wait) || armed.some((one) => isSame(one, wait))),
      ...(fired && (!again || early.length > 0) ? [fired] : []),
    ],
  };
}

/** What a timer's command was about. */
function firedBy(command: ConversationCommand): Named | null {
  switch (command.type) {
    case 'expireOffer':
      return { kind: 'offerExpiry', subject: String(command.offerSeq) };
    case 'expireEnding':
      return { kind: 'endingDeadline', subject: command.sessionId };
    case 'timerDue':
      return { kind: command.kind, subject: command.subject };
    default:
      return null;
  }
}

const isSame = (one: Named, other: Named): boolean => one.kind === other.kind && one.subject === other.subject;

const find = (waits: readonly Wait[], named: Named): Wait | undefined => waits.find((wait) => isSame(wait, named));

const REPLACE = `
  WITH gone AS (
    DELETE FROM timer t USING unnest($1::text[], $2::text[], $3::text[]) AS g (conversation_id, kind, subject)
    WHERE t.conversation_id = g.conversation_id AND t.kind = g.kind AND t.subject = g.subject)
  INSERT INTO timer (id, conversation_id, app_id, kind, subject, due_at)
  SELECT * FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])`;
