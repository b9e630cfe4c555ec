import type { AgentId } from '../../kernel/index.js';
import type { ConversationCommand } from './commands.js';
import { ownerOf } from './evolve/human.js';
import { isLive, offeredAgent, type Session } from './session.js';
import type { ConversationState } from './state.js';

/**
 * Agents whose rows deciding this command may ask for or change: those it names, the owner, whoever has an offer, and
 * where the session may end, everybody who had it, for its end tells what became of each; so also where an agent asks,
 * for whose session it is depends on their teams. It may name too many, never too few; a property holds it to that.
 */
export function agentsConcernedBy(state: ConversationState, command: ConversationCommand): ReadonlySet<AgentId> {
  const { session } = state;
  const last = command.type === 'setTicket' ? session?.human?.lastAgent : null;
  const byAgent = 'by' in command && command.by.type === 'agent';
  const took = byAgent || mayEnd(state, command) ? whoTookPart(session) : [];
  const ids = [...namedBy(command), ownerOf(session), offeredAgent(session), last ?? null, ...took];
  return new Set(ids.filter((id) => id !== null));
}

function namedBy(command: ConversationCommand): readonly AgentId[] {
  const named: AgentId[] = [];
  if ('by' in command && command.by.type === 'agent') named.push(command.by.agentId);
  if ('agentId' in command && command.agentId !== null) named.push(command.agentId);
  if (command.type === 'transferSession' && command.to.type === 'agent') named.push(command.to.agentId);
  return named;
}

const whoTookPart = (session: Session | null): readonly AgentId[] =>
  (session?.human?.participants ?? []).flatMap(({ agentId, role }) => (role === 'agent' ? [agentId] : []));

/**
 * Whether deciding this command may end the session, for whoever loads the rows that a decision needs: an end concerns
 * the end user as well. It may say yes too often, never no too often; a property holds it to that.
 */
export function mayEnd({ session }: ConversationState, command: ConversationCommand): boolean {
  // Any command may find that the post-end integration was deleted.
  if (session?.status === 'ENDING') return true;
  if (!isLive(session)) return false;
  // Whose visit is over begins another session (T36); what a human handles goes on.
  if (command.type === 'receiveMessage') return session.status === 'ACTIVE' && ownerOf(session) === null;
  return mayEndLive(command);
}

/** The same of a session that is neither ending nor handled by a bot, known before the state is. */
export const mayEndLive = ({ type }: ConversationCommand): boolean => ENDS_LIVE[type];

const ENDS_LIVE: Readonly<Record<ConversationCommand['type'], boolean>> = {
  requestEnd: true,
  removeConversation: true,
  timerDue: true,
  closeTab: true,
  overflowQueue: true,
  recordConsent: true,
  startSession: true,
  receiveMessage: true,
  expireEnding: false,
  startConversation: false,
  sendMessage: false,
  recordPostback: false,
  recordRead: false,
  passControl: false,
  offerControl: false,
  acceptControl: false,
  declineControl: false,
  releaseControl: false,
  expireOffer: false,
  offerWork: false,
  acceptWork: false,
  declineWork: false,
  assignSession: false,
  transferSession: false,
  detachAgent: false,
  inactivateSession: false,
  observeSession: false,
  setTicket: false,
  failOver: false,
  failOffer: false,
  postSurvey: false,
  answerSurvey: false,
  changeDetails: false,
  joinConversation: false,
  leaveConversation: false,
  removeMessages: false,
  settleGround: false,
};
