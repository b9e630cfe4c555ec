import type { AppConfiguration } from '../../configuration/index.js';
import { Failure, type EventId, type MessageId, type Millis } from '../../kernel/index.js';
import { newId } from '../../platform/ids.js';
import { isoTime } from '../../platform/clock/index.js';
import { decide, evolve, initialState } from '../core/index.js';
import type { Answer, ConversationCommand, ConversationState, World } from '../core/index.js';
import type { Held } from './held.store.js';
import type { Loaded } from './loaded.js';
import { changedProfile, openedProfile } from './profile.js';
import type { ConversationProfile, MessageBody, Recorded, Settled } from '../recorded.js';
import type { ConversationRequest } from './request.js';
import { writtenMessages } from './written-messages.js';
import { conversationView, sessionView } from '../views.js';

/**
 * Decides one request on what was read under the lock, numbers and dates its events, and gathers what row writers render
 * from. Does nothing but compute; ids are the only chance in it.
 *
 * Throws a `Failure` where the request's subject is missing: the conversation (or it is another app's), a user, a
 * member, a message.
 */
export function settle(
  request: ConversationRequest,
  loaded: Loaded,
  configuration: AppConfiguration,
  now: Millis,
): Settled {
  const { before, profile } = subject(request, loaded, configuration, now);
  requireMember(request, profile, loaded);
  requireRemovable(request, profile);
  const command = completed(request, loaded);
  const world = worldOf(before, configuration, now);
  const repeated = anotherSession(request, before);
  const decision = repeated ? { events: [], answer: repeated } : decide(before, command, world);
  const recorded: Recorded[] = [];
  let after = before;
  for (const event of decision.events) {
    after = evolve(after, event, world.now);
    recorded.push({
      id: newId<EventId>(),
      seq: after.seq,
      controlEpoch: after.controlEpoch,
      at: world.now,
      event,
      after,
    });
  }
  const messages = writtenMessages(recorded, request.draft, world.now);
  const changed = changedProfile(profile, request, recorded, world.now);
  return {
    appId: request.appId,
    conversationId: request.target,
    command,
    before,
    after,
    world,
    configuration,
    profile: changed,
    users: loaded.users,
    participants: request.opening?.participants ?? [],
    recorded,
    messages,
    answer: {
      decision: decision.answer,
      seq: after.seq,
      controlEpoch: after.controlEpoch,
      created: decision.answer.ok ? created(request, after, changed, messages, configuration) : null,
    },
  };
}

function subject(
  request: ConversationRequest,
  loaded: Loaded,
  configuration: AppConfiguration,
  now: Millis,
): { before: ConversationState; profile: ConversationProfile } {
  const held = loaded.held.get(request.target);
  if (!request.opening) return ofApp(request, held);
  for (const id of request.opening.participants) {
    if (loaded.users.get(id)?.appId !== request.appId) throw new Failure('user_not_found', 'User not found');
  }
  const { userId } = request.opening;
  const first = userId !== null && !loaded.withDefault.has(userId);
  if (userId !== null && !first && !configuration.settings.multiConvoEnabled) {
    throw new Failure('bad_request', 'The user has a conversation already and multi-conversations are off.');
  }
  return { before: initialState, profile: openedProfile(request.opening, first, isoTime(now)) };
}

function ofApp(
  request: ConversationRequest,
  held: Held | undefined,
): { before: ConversationState; profile: ConversationProfile } {
  if (!held || held.appId !== request.appId) throw new Failure('conversation_not_found', 'Conversation not found');
  return { before: held.state, profile: held.profile };
}

/** Users speak, read and end only where they take part. To a user's own token a foreign conversation does not exist. */
function requireMember(
  { command, target, appId }: ConversationRequest,
  profile: ConversationProfile,
  loaded: Loaded,
): void {
  if (command.type === 'startConversation') return;
  if ('by' in command && command.by.type === 'user') {
    if (!takesPart(command.by.userId)) throw new Failure('conversation_not_found', 'Conversation not found');
    return;
  }
  if (!('userId' in command) || command.userId === null) return;
  if (loaded.users.get(command.userId)?.appId !== appId) throw new Failure('user_not_found', 'User not found');
  if (!takesPart(command.userId)) throw new Failure('not_found', 'User is not a member of the conversation');

  function takesPart(userId: NonNullable<ConversationProfile['userId']>): boolean {
    return profile.userId === userId || loaded.users.get(userId)?.memberOf.has(target) === true;
  }
}

/** The first conversation of a user stays for as long as the user does (`sunco.md` 3). */
function requireRemovable({ command, target }: ConversationRequest, { isDefault }: ConversationProfile): void {
  if (command.type !== 'removeConversation' || !isDefault) return;
  throw new Failure('bad_request', `Conversation ${target} cannot be deleted because it is the default.`);
}

/** Fills in what only the lock could tell. */
function completed({ command, target }: ConversationRequest, loaded: Loaded): ConversationCommand {
  if (command.type !== 'removeMessages') return command;
  const count = loaded.removals.get(target) ?? 0;
  if (command.messageId !== null && count === 0) throw new Failure('not_found', 'Resource not found');
  return { ...command, count };
}

function worldOf(before: ConversationState, configuration: AppConfiguration, now: Millis): World {
  return {
    now: Math.max(now, before.lastEventAt),
    ids: { session: newId(), note: newId() },
    switchboard: configuration.switchboard,
    settings: configuration.settings,
  };
}

/** An end meant for an earlier session is a repeat: that session is over, and the one that runs now is not its business. */
function anotherSession({ sessionId }: ConversationRequest, before: ConversationState): Answer | null {
  if (sessionId === null || before.session?.id === sessionId) return null;
  return { ok: true, sessionId, repeated: true };
}

function created(
  { target, command, sessionId }: ConversationRequest,
  after: ConversationState,
  profile: ConversationProfile,
  messages: ReadonlyMap<MessageId, MessageBody>,
  configuration: AppConfiguration,
): unknown {
  switch (command.type) {
    case 'startConversation':
    case 'changeDetails':
      return conversationView(target, profile, after, configuration);
    case 'receiveMessage':
    case 'sendMessage':
      return [messages.get(command.messageId)];
    case 'requestEnd':
      if (!after.session || (sessionId !== null && after.session.id !== sessionId)) return null;
      return sessionView(target, profile.userId, after.session);
    default:
      return null;
  }
}
