import { changeWork, type Agent } from '../../agents/core/index.js';
import type { AppConfiguration } from '../../configuration/index.js';
import { Failure, type AgentId, type ConversationId, type EventId, type Millis } from '../../kernel/index.js';
import { newId } from '../../platform/ids.js';
import { worldAt } from '../world-at.js';
import { isoTime } from '../../platform/clock/index.js';
import { decide, evolve, initialState, mayBeginAnother, treatedAs, workChanges } from '../core/index.js';
import type { Answer, ConversationCommand, ConversationState, World } from '../core/index.js';
import { formerDefault, informed, mayOpenAnother } from './default-conversations.js';
import type { Held } from './held.store.js';
import type { Loaded } from './loaded.js';
import { changedProfile, openedProfile } from './profile.js';
import { participantView, type ParticipantView } from '../participant-view.js';
import type { ChangedAgent, ConversationProfile, NewParticipant, Recorded, Settled } from '../recorded.js';
import type { ConversationRequest } from './request.js';
import { requireSense } from './requirements.js';
import { tailored, tailoredCommand } from './tailored.js';
import { writtenMessages } from './written-messages.js';
import { noteWordsFor } from '../notes/words-for.js';
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
  requireSense(request, profile, loaded);
  const command = tailoredCommand(completed(request, loaded), configuration);
  const opened = { ...before, channelId: request.opening?.channelId ?? before.channelId };
  const world = worldAt(now, opened, configuration, loaded.agents.get(request.appId) ?? NO_AGENTS);
  const repeated = repeatOf(request, before);
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
  const agents = changedAgents(before, recorded, request.target, world);
  for (const { after: agent } of agents) loaded.agents.get(request.appId)?.set(agent.id, agent);
  const draft = request.draft && tailored(request.draft, configuration);
  const messages = writtenMessages(recorded, draft, world, () =>
    noteWordsFor(configuration.settings, localeOf(profile, loaded)),
  );
  const changed = changedProfile(profile, request, { recorded, messages }, world.now);
  const newConversationAllowed = mayOpenAnother(request, changed, after, loaded, world);
  const participants = newcomers(request, recorded);
  return {
    appId: request.appId,
    conversationId: request.target,
    command,
    before,
    after,
    world,
    configuration,
    profile: changed,
    formerDefault: formerDefault(request, changed, loaded),
    users: loaded.users,
    participants,
    recorded,
    agents,
    messages,
    surveyLink: request.surveyLink,
    answer: {
      decision: informed(decision.answer, newConversationAllowed),
      seq: after.seq,
      controlEpoch: after.controlEpoch,
      created: decision.answer.ok
        ? (participantOf(request, participants, loaded) ??
          created(request, {
            after,
            profile: changed,
            messages,
            configuration,
            now: world.now,
            newConversationAllowed,
          }))
        : null,
    },
  };
}

/** Of the end user, where a command that may write a note has read them; `null`: a group, or nobody said. */
function localeOf({ userId }: ConversationProfile, { users }: Loaded): string | null {
  const locale = userId === null ? undefined : users.get(userId)?.profile['locale'];
  return typeof locale === 'string' ? locale : null;
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
  const { userId, channelId = null } = request.opening;
  if (channelId !== null && !configuration.channels.has(channelId)) {
    throw new Failure('bad_request', 'There is no such service channel.');
  }
  const first = userId === null ? null : (loaded.defaults.get(userId) ?? null);
  if (userId !== null && !mayBeginAnother(first?.state ?? null, configuration.settings, now)) {
    throw new Failure('bad_request', 'The user has a conversation already and multi-conversations are off.');
  }
  const isDefault = userId !== null && (first === null || !configuration.settings.multiConvoEnabled);
  return { before: initialState, profile: openedProfile(request.opening, isDefault, isoTime(now)) };
}

function ofApp(
  request: ConversationRequest,
  held: Held | undefined,
): { before: ConversationState; profile: ConversationProfile } {
  if (!held || held.appId !== request.appId) throw new Failure('conversation_not_found', 'Conversation not found');
  return { before: held.state, profile: held.profile };
}

/** Who takes part from now on: in a conversation that was opened, or joined. */
function newcomers({ opening }: ConversationRequest, recorded: readonly Recorded[]): readonly NewParticipant[] {
  const joined = recorded.flatMap(({ event }) => (event.type === 'participantJoined' ? [event.userId] : []));
  return [...(opening?.participants ?? []), ...joined].map((userId) => ({ id: newId(), userId }));
}

/** The participant that a join answers, new or not; `null` for other commands. */
function participantOf(
  { command, target }: ConversationRequest,
  [newcomer]: readonly NewParticipant[],
  loaded: Loaded,
): ParticipantView | null {
  if (command.type !== 'joinConversation') return null;
  const row = newcomer ? { id: newcomer.id, last_read_at: null, unread: 0 } : loaded.memberships.get(target)?.own;
  return row ? participantView(row, command.userId, loaded.users.get(command.userId)?.externalId ?? null) : null;
}

/** Fills in what only the lock could tell. */
function completed({ command, target }: ConversationRequest, loaded: Loaded): ConversationCommand {
  if (command.type === 'joinConversation') {
    const membership = loaded.memberships.get(target);
    return { ...command, participants: membership?.participants ?? 0, takesPart: !!membership?.own };
  }
  if (command.type === 'receiveMessage' && command.form) {
    const submitted = loaded.forms.get(target);
    if (submitted === undefined) throw new Failure('not_found', 'The form is not in this conversation');
    return { ...command, form: { ...command.form, submitted } };
  }
  if (command.type === 'startSession') return { ...command, live: loaded.live.get(target) ?? 0 };
  if (command.type !== 'removeMessages') return command;
  const count = loaded.removals.get(target) ?? 0;
  if (command.messageId !== null && count === 0) throw new Failure('not_found', 'Resource not found');
  return { ...command, count };
}

const NO_AGENTS: World['agents'] = new Map();

/** What the decision did to agents' work, event by event, folded over the locked agents. */
function changedAgents(
  before: ConversationState,
  recorded: readonly Recorded[],
  conversationId: ConversationId,
  world: World,
): readonly ChangedAgent[] {
  const changed: ChangedAgent[] = [];
  const treatAs = treatedAs(
    recorded.map(({ event }) => event),
    world,
  );
  const agents = new Map<AgentId, Agent>();
  let found = before;
  for (const { id, event, after } of recorded) {
    for (const { agentId, change } of workChanges(found, event, conversationId, treatAs)) {
      const agent = agents.get(agentId) ?? world.agents.get(agentId);
      // An agent who was deleted has no work left to change.
      if (!agent) continue;
      const decided = changeWork(agent, change, world.now);
      agents.set(agentId, decided.agent);
      changed.push({ before: agent, after: decided.agent, events: decided.events, causedBy: id });
    }
    found = after;
  }
  return changed;
}

/** An end meant for an earlier session is a repeat: that session is over, and the one that runs now is not its business. */
function repeatOf({ sessionId }: ConversationRequest, before: ConversationState): Answer | null {
  if (sessionId === null || before.session?.id === sessionId) return null;
  return { ok: true, sessionId, repeated: true };
}

interface Outcome extends Pick<Settled, 'after' | 'profile' | 'messages' | 'configuration'> {
  readonly now: Millis;
  readonly newConversationAllowed: boolean;
}

function created(
  { target, command, sessionId }: ConversationRequest,
  { after, profile, messages, configuration, now, newConversationAllowed }: Outcome,
): unknown {
  switch (command.type) {
    case 'startConversation':
    case 'changeDetails':
      return conversationView(target, profile, after, configuration, { now, newConversationAllowed });
    case 'receiveMessage':
    case 'sendMessage':
      return [messages.get(command.messageId)];
    case 'answerSurvey':
      return command.messageId === null ? null : [messages.get(command.messageId)];
    case 'startSession':
    case 'acceptWork':
    case 'declineWork':
    case 'assignSession':
    case 'transferSession':
    case 'inactivateSession':
    case 'closeTab':
    case 'observeSession':
    case 'setTicket':
    case 'recordConsent':
    case 'requestEnd':
      if (!after.session || (sessionId !== null && after.session.id !== sessionId)) return null;
      return sessionView(target, profile.userId, after.session);
    default:
      return null;
  }
}
