import { limitedMetadata, mergedMetadata, type IsoTime, type Millis } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { ConversationProfile, Recorded } from '../recorded.js';
import type { ConversationRequest, Opening } from './request.js';

export function openedProfile(opening: Opening, isDefault: boolean, at: IsoTime): ConversationProfile {
  return {
    type: opening.type,
    userId: opening.userId,
    isDefault,
    displayName: opening.displayName,
    description: opening.description,
    iconUrl: opening.iconUrl,
    metadata: opening.metadata,
    createdAt: at,
    lastUpdatedAt: at,
    businessLastRead: null,
  };
}

/** The profile after a decision: a new message dates it, a business read marks it, a change of details is merged in. */
export function changedProfile(
  profile: ConversationProfile,
  request: ConversationRequest,
  recorded: readonly Recorded[],
  now: Millis,
): ConversationProfile {
  let changed = profile;
  for (const { event } of recorded) {
    switch (event.type) {
      case 'messageReceived':
      case 'messageSent':
      case 'endNoteWritten':
      case 'ticketNoteWritten':
      case 'consentRequested':
      case 'surveyPosted':
      case 'surveyAnswered':
        changed = { ...changed, lastUpdatedAt: isoTime(now) };
        break;
      case 'conversationRead':
        if (event.userId === null) changed = { ...changed, businessLastRead: isoTime(now) };
        break;
      case 'conversationChanged':
        changed = patched(changed, request);
        break;
      default:
        break;
    }
  }
  return changed;
}

function patched(profile: ConversationProfile, { details }: ConversationRequest): ConversationProfile {
  if (!details) return profile;
  const { metadata, ...named } = details;
  return {
    ...profile,
    ...named,
    ...(metadata !== undefined && {
      metadata: limitedMetadata('Conversation', mergedMetadata(profile.metadata, metadata)),
    }),
  };
}
