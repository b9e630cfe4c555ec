import type { RowWriter, Written } from '../../ledger/index.js';
import { newId } from '../../platform/ids.js';
import { isoTime } from '../../platform/clock/index.js';
import type { Refusal } from '../core/index.js';
import type { Settled } from '../recorded.js';

/** Refusals kept for the timeline of one conversation: a bot that hammers a closed door must not fill the disk. */
export const MAX_REFUSALS = 200;

/** Lines of the timeline for what was refused: the fence, and control calls by somebody who may not make them. */
export const refusalRows: RowWriter<Settled> = {
  name: 'refusal',
  write(entries): Written | null {
    const conversations: string[] = [];
    const ids: string[] = [];
    const times: string[] = [];
    const seqs: number[] = [];
    const epochs: number[] = [];
    const reasons: string[] = [];
    const data: string[] = [];
    for (const { conversationId, answer, command, after, world } of entries) {
      const refusal = answer.decision.ok ? null : answer.decision.refusal;
      if (!refusal || !isKept(refusal)) continue;
      conversations.push(conversationId);
      ids.push(newId());
      times.push(isoTime(world.now));
      seqs.push(after.seq);
      epochs.push(after.controlEpoch);
      reasons.push(refusal.reason);
      data.push(
        JSON.stringify({ command: command.type, by: 'by' in command ? command.by : null, ...details(refusal) }),
      );
    }
    if (ids.length === 0) return null;
    const values = [conversations, ids, times, seqs, epochs, reasons, data, MAX_REFUSALS];
    return { statement: { name: 'write_refusal', text: INSERT, values } };
  },
};

const isKept = ({ reason }: Refusal): boolean =>
  reason === 'notInControl' || reason === 'staleControlEpoch' || reason === 'forbidden';

function details(refusal: Refusal): Readonly<Record<string, unknown>> {
  switch (refusal.reason) {
    case 'notInControl':
    case 'staleControlEpoch':
      return { holder: refusal.holder?.id ?? null };
    case 'forbidden':
      return { action: refusal.action };
    default:
      return {};
  }
}

/** The count is exact: the conversation's lock is held. A caller's refusals may come many at once, each with its line. */
const INSERT = `
  INSERT INTO refusal (conversation_id, id, at, seq, control_epoch, reason, data)
  SELECT n.conversation_id, n.id, n.at, n.seq, n.control_epoch, n.reason, n.data
  FROM (SELECT *, row_number() OVER (PARTITION BY conversation_id) AS nth
        FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::int8[], $5::int8[], $6::text[], $7::jsonb[])
             AS n (conversation_id, id, at, seq, control_epoch, reason, data)) n
  WHERE (SELECT count(*) FROM refusal r WHERE r.conversation_id = n.conversation_id) + n.nth <= $8::int8`;
