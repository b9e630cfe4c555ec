import type { AgentId, UserId } from '../../kernel/index.js';
import type { Actor, ConversationCommand } from './commands.js';
import { decide } from './decide.js';
import { whyNotRemove } from './decide/fence.js';
import type { Refusal } from './decision.js';
import { isLive, type Session, type WorkOffer } from './session.js';
import type { ConversationState } from './state.js';
import type { World } from './world.js';

export interface AllowedAction {
  readonly name: 'accept' | 'decline' | 'message' | 'end' | 'inactivate' | 'transfer' | 'endFromRow' | 'endInBulk';
  /** What it is called. */
  readonly label: string;
  /** The button in whose menu it stands; `null`: it stands alone (I-6). */
  readonly menu: 'end' | null;
}

/**
 * What an agent may do with the session now. Every action is tried on the state as it is, so the list says what the
 * guards would: there is no second copy of them. It is a picture; the command is decided again when it comes.
 */
export function agentActions(state: ConversationState, world: World, by: Actor & { type: 'agent' }): AllowedAction[] {
  const { session } = state;
  if (!isLive(session)) return [];
  const end = { type: 'requestEnd', by, via: 'window', list: null, reason: null, actingFor: null } as const;
  const offer = offerTo(session, by.agentId);
  const tried: readonly [AllowedAction, ConversationCommand | null][] = [
    [action('accept', 'Accept'), offer && { type: 'acceptWork', by, workItemId: offer.workItemId }],
    [action('decline', 'Decline'), offer && { type: 'declineWork', by, workItemId: offer.workItemId }],
    [action('message', 'Send'), { type: 'sendMessage', by, messageId: world.ids.note, controlEpoch: null }],
    [action('end', 'End Chat'), end],
    [action('inactivate', 'Customer Inactive', 'end'), { type: 'inactivateSession', by }],
    [action('transfer', 'Transfer'), { type: 'transferSession', by, to: { type: 'queue', queueId: null, skills: [] } }],
    [action('endFromRow', 'End Session'), { ...end, via: 'list', list: 'row' }],
    [action('endInBulk', 'End Sessions'), { ...end, via: 'list', list: 'bulk' }],
  ];
  return tried.filter(([, command]) => command !== null && isAllowed(state, command, world)).map(([one]) => one);
}

const action = (name: AllowedAction['name'], label: string, menu: AllowedAction['menu'] = null): AllowedAction => ({
  name,
  label,
  menu,
});

/** May the caller take this conversation away, be it with its user? Where not, the holder is named in the refusal. */
export const whyNotTakeAway = (
  state: ConversationState,
  switchboard: World['switchboard'],
  by: Actor,
): Refusal | null => whyNotRemove({ state, world: { switchboard } }, by);

/** The button that ends the session: in the header, its dialogue at the bottom of the widget (E-18, E-19). */
export interface EndUserAction {
  readonly name: 'end';
  readonly placement: 'header';
  readonly confirmation: 'bottom';
}

/** What the end user may do with the session beside writing. */
export function endUserActions(state: ConversationState, world: World, userId: UserId): readonly EndUserAction[] {
  if (!isLive(state.session)) return [];
  const by = { type: 'user', userId } as const;
  const end = { type: 'requestEnd', by, via: 'widget', list: null, reason: null, actingFor: null } as const;
  return isAllowed(state, end, world) ? [{ name: 'end', placement: 'header', confirmation: 'bottom' }] : [];
}

const isAllowed = (state: ConversationState, command: ConversationCommand, world: World): boolean =>
  decide(state, command, world).answer.ok;

function offerTo(session: Session, agentId: AgentId): WorkOffer | null {
  const offer =
    session.status === 'WAITING' ? session.waiting.offer : session.status === 'ACTIVE' ? session.transferring : null;
  return offer?.agentId === agentId ? offer : null;
}
