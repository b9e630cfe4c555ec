import type { RowWriter, Written } from '../../ledger/index.js';
import type { Settled } from '../recorded.js';
import { stored } from '../stored-state.js';

/** Conversations that are an end user's default no longer: the one that is opened is, and each user has one. */
export const formerDefaultRows: RowWriter<Settled> = {
  name: 'conversation_former_default',
  write(entries): Written | null {
    const ids = entries.flatMap(({ formerDefault }) => (formerDefault === null ? [] : [formerDefault]));
    if (ids.length === 0) return null;
    return { statement: { name: 'write_conversation_former_default', text: FORMER, values: [ids] } };
  },
};

const FORMER = `UPDATE conversation SET is_default = false WHERE id = ANY($1::text[])`;

/** Rows of new conversations, in id order; their default assignment is part of the same decision. */
export const conversationRows: RowWriter<Settled> = {
  name: 'conversation',
  write(entries): Written | null {
    const opened = entries
      .filter(({ before, after }) => before.lifecycle === 'absent' && after.lifecycle !== 'absent')
      .sort((a, b) => (a.conversationId < b.conversationId ? -1 : 1));
    if (opened.length === 0) return null;
    const values = [
      opened.map(({ conversationId }) => conversationId),
      opened.map(({ appId }) => appId),
      opened.map(({ profile }) => profile.userId),
      opened.map(({ profile }) => profile.type),
      opened.map(({ profile }) => profile.isDefault),
      opened.map(({ profile }) => profile.displayName),
      opened.map(({ profile }) => profile.description),
      opened.map(({ profile }) => profile.iconUrl),
      opened.map(({ profile }) => JSON.stringify(profile.metadata)),
      opened.map(({ after }) => after.seq),
      opened.map(({ after }) => after.controlEpoch),
      opened.map(({ after }) => JSON.stringify(stored(after))),
      opened.map(({ profile }) => profile.createdAt),
    ];
    return { statement: { name: 'write_conversation', text: INSERT, values } };
  },
};

const INSERT = `
  INSERT INTO conversation (id, app_id, user_id, type, is_default, display_name, description, icon_url, metadata,
                            seq, control_epoch, state, created_at, last_updated_at)
  SELECT n.*, n.created_at
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::text[], $8::text[],
              $9::jsonb[], $10::int8[], $11::int8[], $12::jsonb[], $13::timestamptz[])
       AS n (id, app_id, user_id, type, is_default, display_name, description, icon_url, metadata,
             seq, control_epoch, state, created_at)`;

/** What people named and wrote about a conversation, where a command changed it. */
export const detailRows: RowWriter<Settled> = {
  name: 'conversation_details',
  write(entries): Written | null {
    const changed = entries.filter(({ command, recorded }) => command.type === 'changeDetails' && recorded.length > 0);
    if (changed.length === 0) return null;
    const values = [
      changed.map(({ conversationId }) => conversationId),
      changed.map(({ profile }) => profile.displayName),
      changed.map(({ profile }) => profile.description),
      changed.map(({ profile }) => profile.iconUrl),
      changed.map(({ profile }) => JSON.stringify(profile.metadata)),
    ];
    return { statement: { name: 'write_conversation_details', text: CHANGE, values } };
  },
};

const CHANGE = `
  UPDATE conversation c
  SET display_name = n.display_name, description = n.description, icon_url = n.icon_url, metadata = n.metadata
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[])
       AS n (id, display_name, description, icon_url, metadata)
  WHERE c.id = n.id`;

/**
 * Removes conversations with all that belongs to them. Their events stay: they hold no bodies, and what was announced
 * must stay explicable.
 */
export const removedRows: RowWriter<Settled> = {
  name: 'conversation_removed',
  write(entries): Written | null {
    const ids = entries
      .filter(({ before, after }) => before.lifecycle !== 'removed' && after.lifecycle === 'removed')
      .map(({ conversationId }) => conversationId);
    if (ids.length === 0) return null;
    return { statement: { name: 'write_conversation_removed', text: REMOVE, values: [ids] } };
  },
};

const REMOVE = `
  WITH messages AS (DELETE FROM message WHERE conversation_id = ANY($1::text[])),
       timers AS (DELETE FROM timer WHERE conversation_id = ANY($1::text[])),
       refusals AS (DELETE FROM refusal WHERE conversation_id = ANY($1::text[]))
  DELETE FROM conversation WHERE id = ANY($1::text[])`;
