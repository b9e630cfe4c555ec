import type { AppId, ConversationId, UserId } from '../../kernel/index.js';
import type { Row, Statement } from '../../ledger/index.js';
import { isoTime } from '../../platform/clock/index.js';
import { mayEndLive, type ConversationCommand, type ConversationState } from '../core/index.js';
import { UNREAD, type ParticipantRow } from '../participant-view.js';
import type { ConversationProfile, UserSnapshot } from '../recorded.js';
import { restored } from '../stored-state.js';
import type { ConversationRequest } from './request.js';

/**
 * Statements with which the book locks and reads, and what it makes of their rows. Locks come in the order of the lock
 * classes (app configuration, user, conversation), each ordering its rows by id; reads are sent behind the locks.
 */

/** Whatever a group locks and reads belongs to one of these; whose a row is stands in its `app_id`. */
export const appsOf = (requests: readonly ConversationRequest[]): readonly AppId[] => [
  ...new Set(requests.map(({ appId }) => appId)),
];

/** A conversation as its locked row has it. */
export interface Held {
  readonly appId: AppId;
  readonly state: ConversationState;
  readonly profile: ConversationProfile;
}

/** A user that a command names, or the end user of its conversation. */
export interface KnownUser extends UserSnapshot {
  readonly appId: AppId;
  /** Conversations of the group this user takes part in. */
  readonly memberOf: ReadonlySet<string>;
}

/**
 * Locks the users of commands that open a conversation or join one: two first contacts make one default conversation,
 * and whoever is being deleted joins nothing.
 */
export function lockUsers(requests: readonly ConversationRequest[]): Statement | null {
  const ids = requests.flatMap(({ opening, command }) => {
    if (opening) return opening.participants;
    return command.type === 'joinConversation' ? [command.userId] : [];
  });
  if (ids.length === 0) return null;
  return { name: 'book_lock_users', text: LOCK_USERS, values: [ids, appsOf(requests)] };
}

const LOCK_USERS = `
  SELECT id FROM app_user WHERE id = ANY($1::text[]) AND app_id = ANY($2::text[]) ORDER BY id FOR UPDATE`;

/**
 * With the default ones of users who are about to open another, where it takes their place: multi-conversations are off.
 * Where they are on the default one stays what it is, and whoever writes in it is not waited for. That a user has one
 * default conversation is held by the lock of the user, under which it is given and moved, and at last by an index.
 */
export function lockConversations(requests: readonly ConversationRequest[]): Statement {
  const values = [requests.map(({ target }) => target), appsOf(requests)];
  const users = requests.flatMap(({ opening }) => (opening?.userId ? [opening.userId] : []));
  return users.length === 0
    ? { name: 'book_lock_conversations', text: LOCK_CONVERSATIONS, values }
    : { name: 'book_lock_conversations_and_defaults', text: LOCK_WITH_DEFAULTS, values: [...values, users] };
}

/** What is read of a conversation, locked or not. */
export const HELD = `
  SELECT id, app_id, user_id, type, is_default, display_name, description, icon_url, metadata, state,
         business_last_read, last_updated_at, created_at
  FROM conversation`;

const LOCK_CONVERSATIONS = `${HELD} WHERE id = ANY($1::text[]) AND app_id = ANY($2::text[]) ORDER BY id FOR UPDATE`;

/**
 * All in one order; the defaults are looked up first, for only a plain comparison finds its way into an index. Apps are
 * locked already: their settings are those that the commands are decided by.
 */
const LOCK_WITH_DEFAULTS = `${HELD}
  WHERE id = ANY($1::text[] || ARRAY(
      SELECT d.id::text FROM conversation d
      WHERE d.user_id = ANY($3::text[]) AND d.is_default
        AND (SELECT a.settings ->> 'multiConvoEnabled' IS DISTINCT FROM 'true' FROM app a WHERE a.id = d.app_id)))
    AND app_id = ANY($2::text[])
  ORDER BY id FOR UPDATE`;

export function heldOf(row: Row): [ConversationId, Held] {
  return [
    row['id'] as ConversationId,
    { appId: row['app_id'] as AppId, state: restored(row['state']), profile: profileOf(row) },
  ];
}

/** The profile in a conversation's row, locked or read. */
export function profileOf(row: Row): ConversationProfile {
  const read = row['business_last_read'] as Date | null;
  return {
    type: row['type'] as ConversationProfile['type'],
    userId: row['user_id'] as UserId | null,
    isDefault: row['is_default'] as boolean,
    displayName: row['display_name'] as string | null,
    description: row['description'] as string | null,
    iconUrl: row['icon_url'] as string | null,
    metadata: row['metadata'] as ConversationProfile['metadata'],
    createdAt: isoTime(row['created_at'] as Date),
    lastUpdatedAt: isoTime(row['last_updated_at'] as Date),
    businessLastRead: read === null ? null : isoTime(read),
  };
}

/**
 * Reads the users that events or webhooks of these commands show: those named, and the end user of the conversation
 * where the command may end a session. `memberOf` says which of the group's conversations they take part in.
 */
export function readUsers(requests: readonly ConversationRequest[]): Statement | null {
  const apps: AppId[] = [];
  const conversations: string[] = [];
  const users: (string | null)[] = [];
  for (const request of requests) {
    for (const user of usersNamedBy(request)) {
      apps.push(request.appId);
      conversations.push(request.target);
      users.push(user);
    }
    if (concernsEndUser(request)) {
      apps.push(request.appId);
      conversations.push(request.target);
      users.push(null);
    }
  }
  if (users.length === 0) return null;
  return { name: 'book_read_users', text: READ_USERS, values: [conversations, users, apps] };
}

/** What is looked for is worked out first: behind a policy, only a plain comparison finds its way into an index. */
const READ_USERS = `
  WITH asked AS MATERIALIZED (
    SELECT named.conversation_id, named.app_id,
           coalesce(named.user_id, (SELECT c.user_id FROM conversation c WHERE c.id = conversation_id)) AS user_id
    FROM unnest($1::text[], $2::text[], $3::text[]) AS named (conversation_id, user_id, app_id))
  SELECT asked.conversation_id, u.id, u.app_id, u.external_id, u.authenticated, u.signed_up_at, u.profile, u.metadata,
         u.identities,
         EXISTS (SELECT 1 FROM participant p
                 WHERE p.conversation_id = asked.conversation_id AND p.user_id = u.id) AS member
  FROM asked JOIN app_user u ON u.id = asked.user_id AND u.app_id = asked.app_id`;

function usersNamedBy({ command, opening }: ConversationRequest): readonly UserId[] {
  if (opening) return opening.participants;
  if ('userId' in command && command.userId !== null) return [command.userId];
  return 'by' in command && command.by.type === 'user' ? [command.by.userId] : [];
}

/** Unless the command names them, the end user is read where it may end their session, or say something to them. */
const concernsEndUser = ({ command }: ConversationRequest): boolean =>
  command.type !== 'receiveMessage' && (mayEndLive(command) || writesTicketNote(command));

const writesTicketNote = (command: ConversationCommand): boolean =>
  (command.type === 'passControl' || command.type === 'releaseControl') && command.reason !== null;

/**
 * Reads the end users of conversations whose session is ENDING: any command may find their post-end integration deleted
 * and so end the session. It costs a trip of its own, which few conversations ever pay; commands that may end a session
 * had them read with everything else.
 */
export function readEndingUsers(
  requests: readonly ConversationRequest[],
  held: ReadonlyMap<ConversationId, Held>,
): Statement | null {
  const ending = requests.flatMap((request) => {
    const isEnding = held.get(request.target)?.state.session?.status === 'ENDING';
    return isEnding && !concernsEndUser(request) ? [request] : [];
  });
  if (ending.length === 0) return null;
  const values = [ending.map(({ target }) => target), ending.map(() => null), ending.map(({ appId }) => appId)];
  return { name: 'book_read_users', text: READ_USERS, values };
}

export function usersOf(rows: readonly Row[]): Map<UserId, KnownUser> {
  const users = new Map<UserId, KnownUser & { memberOf: Set<string> }>();
  for (const row of rows) {
    const id = row['id'] as UserId;
    const user = users.get(id) ?? { ...snapshotOf(row), appId: row['app_id'] as AppId, memberOf: new Set<string>() };
    if (row['member'] === true) user.memberOf.add(row['conversation_id'] as string);
    users.set(id, user);
  }
  return users;
}

/** A user's row as webhooks show it. */
export function snapshotOf(row: Row): UserSnapshot {
  return {
    id: row['id'] as UserId,
    externalId: row['external_id'] as string | null,
    authenticated: row['authenticated'] as boolean,
    signedUpAt: isoTime(row['signed_up_at'] as Date),
    profile: row['profile'] as UserSnapshot['profile'],
    metadata: row['metadata'] as UserSnapshot['metadata'],
    identities: row['identities'] as UserSnapshot['identities'],
  };
}

/** Counts the live sessions of an end user on the channel of the conversation in which one is to begin (T1). */
export function readLive(requests: readonly ConversationRequest[]): Statement | null {
  const starts = requests.filter(({ command }) => command.type === 'startSession');
  if (starts.length === 0) return null;
  return { name: 'book_read_live', text: READ_LIVE, values: [starts.map(({ target }) => target)] };
}

const READ_LIVE = `
  SELECT c.id AS conversation_id, count(s.id)::int AS live
  FROM conversation c
  LEFT JOIN session s ON s.app_id = c.app_id AND s.user_id = c.user_id AND s.ended_at IS NULL
                     AND s.data ->> 'channelId' IS NOT DISTINCT FROM c.state ->> 'channelId'
  WHERE c.id = ANY($1::text[]) GROUP BY c.id`;

/** Counts the messages that a removal would remove. */
export function readRemovals(requests: readonly ConversationRequest[]): Statement | null {
  const removals = requests.flatMap(({ command, target }) =>
    command.type === 'removeMessages' ? [{ target, messageId: command.messageId }] : [],
  );
  if (removals.length === 0) return null;
  const values = [removals.map(({ target }) => target), removals.map(({ messageId }) => messageId)];
  return { name: 'book_read_removals', text: READ_REMOVALS, values };
}

const READ_REMOVALS = `
  SELECT asked.conversation_id,
         (SELECT count(*) FROM message m WHERE m.conversation_id = asked.conversation_id
             AND (asked.message_id IS NULL OR m.id = asked.message_id)) AS removed
  FROM unnest($1::text[], $2::text[]) AS asked (conversation_id, message_id)`;

/** Reads whether the forms that are answered have an answer. */
export function readForms(requests: readonly ConversationRequest[]): Statement | null {
  const answers = requests.flatMap(({ command, target }) =>
    command.type === 'receiveMessage' && command.form ? [{ target, formId: command.form.messageId }] : [],
  );
  if (answers.length === 0) return null;
  const values = [answers.map(({ target }) => target), answers.map(({ formId }) => formId)];
  return { name: 'book_read_forms', text: READ_FORMS, values };
}

const READ_FORMS = `
  SELECT m.conversation_id, m.body #>> '{content,submitted}' = 'true' AS submitted
  FROM unnest($1::text[], $2::text[]) AS asked (conversation_id, message_id)
  JOIN message m ON m.conversation_id = asked.conversation_id AND m.id = asked.message_id
  WHERE m.body #>> '{content,type}' = 'form'`;

/** A group as somebody joins it. */
export interface Membership {
  /** Participants now. */
  readonly participants: number;
  /** Who joins, when they take part already. */
  readonly own: ParticipantRow | null;
}

/** Counts the participants of groups that somebody joins, and looks whether they take part already. */
export function readMemberships(requests: readonly ConversationRequest[]): Statement | null {
  const joins = requests.flatMap(({ command, target }) =>
    command.type === 'joinConversation' ? [{ target, userId: command.userId }] : [],
  );
  if (joins.length === 0) return null;
  const values = [joins.map(({ target }) => target), joins.map(({ userId }) => userId)];
  return { name: 'book_read_memberships', text: READ_MEMBERSHIPS, values };
}

const READ_MEMBERSHIPS = `
  SELECT asked.conversation_id, p.id, p.last_read_at, ${UNREAD} AS unread,
         (SELECT count(*)::int FROM participant o WHERE o.conversation_id = asked.conversation_id) AS participants
  FROM unnest($1::text[], $2::text[]) AS asked (conversation_id, user_id)
  LEFT JOIN participant p ON p.conversation_id = asked.conversation_id AND p.user_id = asked.user_id`;

export function membershipOf(row: Row): [ConversationId, Membership] {
  const own = row['id'] === null ? null : (row as unknown as ParticipantRow);
  return [row['conversation_id'] as ConversationId, { participants: row['participants'] as number, own }];
}
