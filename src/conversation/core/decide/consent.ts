import type { RecordConsent } from '../commands.js';
import type { Decision } from '../decision.js';
import { assignDefault } from './default-responder.js';
import { accept, happened, refuse, type Draft } from './draft.js';
import { endBySystem } from './end-by-system.js';

/** Must the end user agree before a session goes on? Asked once; an answer holds for the conversation (T7). */
export const wantsConsent = ({ state, world }: Draft): boolean =>
  world.channel.optIn === 'explicit' && !state.consented;

/** Yes: the talk goes on as if it began now (T8). No: it is over, whatever waits (T4, T9). */
export function recordConsent(draft: Draft, { by, granted }: RecordConsent): Decision {
  const { session } = draft.state;
  if (session?.status !== 'CONSENT' && (granted || session?.status !== 'NEW')) {
    return refuse(draft, { reason: 'noConsentAsked' });
  }
  const { id: sessionId } = session;
  if (granted) return accept(assignDefault(happened(draft, { type: 'consentGiven', sessionId, by })));
  return accept(endBySystem(happened(draft, { type: 'consentRefused', sessionId, by }), 'opted_out', 'widget'));
}
