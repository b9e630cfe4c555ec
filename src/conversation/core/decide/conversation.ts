import type {
  ChangeDetails,
  JoinConversation,
  LeaveConversation,
  RemoveConversation,
  StartConversation,
} from '../commands.js';
import type { Decision } from '../decision.js';
import type { Actor } from '../commands.js';
import { isLive, type EndFacts, type LiveSession } from '../session.js';
import { holderIn } from './callers.js';
import { assignDefault } from './default-responder.js';
import { PARTICIPANT_LIMIT } from '../state.js';
import { accept, happened, refuse, type Draft } from './draft.js';
import { whyNotRemove } from './fence.js';
import { agentLeaves, withdrawOffer } from './queueing.js';

/** Starting one that stands already changes nothing: two first contacts at once make one conversation. */
export function startConversation(draft: Draft, { by, channelId }: StartConversation): Decision {
  if (draft.state.lifecycle !== 'absent') return accept(draft);
  return accept(assignDefault(happened(draft, { type: 'conversationStarted', channelId, by })));
}

export function changeDetails(draft: Draft, { by }: ChangeDetails): Decision {
  return accept(happened(draft, { type: 'conversationChanged', by }));
}

/** Who takes part already changes nothing. Coming and going is no activity: nobody is given control by it. */
export function joinConversation(draft: Draft, { userId, participants, takesPart, by }: JoinConversation): Decision {
  if (takesPart) return accept(draft);
  if (participants >= PARTICIPANT_LIMIT) return refuse(draft, { reason: 'tooManyParticipants' });
  return accept(happened(draft, { type: 'participantJoined', userId, by }));
}

export function leaveConversation(draft: Draft, { userId, by }: LeaveConversation): Decision {
  return accept(happened(draft, { type: 'participantLeft', userId, by }));
}

/** A live session is over with its conversation, so that whoever counts sessions hears of its end (I6). */
export function removeConversation(draft: Draft, { by }: RemoveConversation): Decision {
  const refusal = whyNotRemove(draft, by);
  if (refusal) return refuse(draft, refusal);
  return accept(happened(endWithoutNote(draft, by), { type: 'conversationRemoved', by }));
}

function endWithoutNote(draft: Draft, by: Actor): Draft {
  const { session } = draft.state;
  if (session?.status === 'ENDING') {
    const postEnd = { ...session.postEnd, finishedAt: draft.world.now, forced: true };
    return happened(draft, { type: 'sessionEnded', sessionId: session.id, end: session.end, postEnd });
  }
  if (!isLive(session)) return draft;
  const end = endedByRemoval(draft, session, by);
  const requested = happened(draft, { type: 'sessionEndRequested', sessionId: session.id, end });
  const alone = agentLeaves(withdrawOffer(requested, 'canceled'), 'removed');
  return happened(alone, { type: 'sessionEnded', sessionId: session.id, end, postEnd: null });
}

function endedByRemoval(draft: Draft, session: LiveSession, by: Actor): EndFacts {
  const holder = holderIn(draft);
  return {
    endedBy: { type: 'system', id: 'keyId' in by ? by.keyId : null, via: 'api' },
    reason: 'automation',
    requestedAt: draft.world.now,
    stateAtEnd: session.status,
    ownerAtEnd: session.human?.owner ?? null,
    controllerAtEnd: holder?.id ?? null,
    controllerKindAtEnd: holder?.kind ?? null,
    postEndSkipped: false,
  };
}
