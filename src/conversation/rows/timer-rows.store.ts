import type { RowWriter, Written } from '../../ledger/index.js';
import type { Millis } from '../../kernel/index.js';
import { newId } from '../../platform/ids.js';
import { isoTime } from '../../platform/clock/index.js';
import type { ConversationCommand, ConversationState } from '../core/index.js';
import type { Settled } from '../recorded.js';

/** A wait of a conversation, named by what it waits for: another offer or session is another wait. */
interface Wait {
  readonly kind: TimerKind;
  readonly subject: string;
  readonly due: Millis;
}

export type TimerKind = 'offerExpiry' | 'endingDeadline';

/**
 * Keeps one row per running wait: what began to wait is inserted, what waits no longer is deleted, and a timer that
 * fired is deleted in the transaction that dealt with it, also when it came too late to matter. One that came too early,
 * because the clock went back, stays.
 */
export const timerRows: RowWriter<Settled> = {
  name: 'timer',
  write(entries): Written | null {
    const set: (Wait & Pick<Settled, 'conversationId' | 'appId'>)[] = [];
    const gone: (Pick<Wait, 'kind' | 'subject'> & Pick<Settled, 'conversationId'>)[] = [];
    for (const { conversationId, appId, command, before, after } of entries) {
      const waited = waitsOf(before);
      const waits = waitsOf(after);
      for (const wait of waits) if (!has(waited, wait)) set.push({ conversationId, appId, ...wait });
      for (const wait of waited) if (!has(waits, wait)) gone.push({ conversationId, ...wait });
      const fired = firedBy(command);
      if (fired && !has(waits, fired)) gone.push({ conversationId, ...fired });
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

/** What a timer's command was about. */
function firedBy(command: ConversationCommand): Pick<Wait, 'kind' | 'subject'> | null {
  if (command.type === 'expireOffer') return { kind: 'offerExpiry', subject: String(command.offerSeq) };
  return command.type === 'expireEnding' ? { kind: 'endingDeadline', subject: command.sessionId } : null;
}

const idle: readonly Wait[] = [];

function waitsOf({ control, session, lifecycle }: ConversationState): readonly Wait[] {
  if (lifecycle === 'removed') return idle;
  const offer = control.status === 'pending' && control.offer.expiresAt !== null ? control.offer : null;
  const deadline = session?.status === 'ENDING' ? session.postEnd.deadline : null;
  if (offer === null && deadline === null) return idle;
  const waits: Wait[] = [];
  if (offer !== null && offer.expiresAt !== null) {
    waits.push({ kind: 'offerExpiry', subject: String(offer.seq), due: offer.expiresAt });
  }
  if (session && deadline !== null) waits.push({ kind: 'endingDeadline', subject: session.id, due: deadline });
  return waits;
}

const has = (waits: readonly Wait[], { kind, subject }: Pick<Wait, 'kind' | 'subject'>): boolean =>
  waits.some((wait) => wait.kind === kind && wait.subject === subject);

const REPLACE = `
  WITH gone AS (
    DELETE FROM timer t USING unnest($1::text[], $2::text[], $3::text[]) AS g (conversation_id, kind, subject)
    WHERE t.conversation_id = g.conversation_id AND t.kind = g.kind AND t.subject = g.subject)
  INSERT INTO timer (id, conversation_id, app_id, kind, subject, due_at)
  SELECT * FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])`;
