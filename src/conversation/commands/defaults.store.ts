import type { AppConfiguration } from '../../configuration/index.js';
import type { AppId, ConversationId } from '../../kernel/index.js';
import type { Statement } from '../../ledger/index.js';
import type { ConversationState } from '../core/index.js';
import { endUserOf } from './default-conversations.js';
import { appsOf, HELD, type Held } from './held.store.js';
import type { Loaded } from './loaded.js';
import type { ConversationRequest } from './request.js';

/**
 * Reads the default conversations of end users of whom an answer about another conversation says whether they may begin a
 * new one. Where multi-conversations are on everybody may, so few apps ever pay for it.
 */
export function readDefaults(
  requests: readonly ConversationRequest[],
  held: ReadonlyMap<ConversationId, Held>,
  configurations: ReadonlyMap<AppId, AppConfiguration>,
): Statement | null {
  const users = requests.flatMap((request) => {
    const target = held.get(request.target);
    if (!target || target.profile.isDefault || configurations.get(request.appId)?.settings.multiConvoEnabled) return [];
    const tells = request.command.type === 'changeDetails' || hasEnded(target.state);
    const userId = tells ? endUserOf(request, target.profile) : null;
    return userId === null ? [] : [userId];
  });
  if (users.length === 0) return null;
  return { name: 'book_read_defaults', text: READ_DEFAULTS, values: [users, appsOf(requests)] };
}

/** Reads the default conversations of users who are about to open one: whoever has none gets it. */
export function readOpeners(requests: readonly ConversationRequest[]): Statement | null {
  const users = requests.flatMap(({ opening }) => (opening?.userId ? [opening.userId] : []));
  if (users.length === 0) return null;
  return { name: 'book_read_defaults', text: READ_DEFAULTS, values: [users, appsOf(requests)] };
}

/** Looked up first, as where they are locked: beside a condition on the app, all of the app's might be read. */
const READ_DEFAULTS = `${HELD}
  WHERE id = ANY(ARRAY(SELECT d.id::text FROM conversation d WHERE d.user_id = ANY($1::text[]) AND d.is_default))
    AND app_id = ANY($2::text[])`;

const hasEnded = ({ lifecycle, session }: ConversationState): boolean =>
  lifecycle !== 'open' || (session !== null && 'endedAt' in session);

/** Those of them that are somebody's default. */
export function defaultsOf(conversations: readonly (readonly [ConversationId, Held])[]): Loaded['defaults'] {
  return new Map(
    conversations.flatMap(([id, { profile, state }]) =>
      profile.isDefault && profile.userId !== null ? [[profile.userId, { id, state }] as const] : [],
    ),
  );
}
