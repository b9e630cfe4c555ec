import type { SessionEnded } from '../../../sdk/index.js';
import type { CsatSettings } from '../../configuration/index.js';
import { wordsFor } from '../words/words-for.js';
import type { Words } from '../words/house-words.js';

/** How one survey is asked, kept with it: what the app changes later concerns later surveys. */
export interface Asking {
  readonly delivery: CsatSettings['delivery'];
  readonly scale: CsatSettings['form']['scale'];
  readonly comment: boolean;
  readonly expirySeconds: number;
  readonly words: Words;
}

export const askingOf = ({ delivery, expirySeconds, form }: CsatSettings, locale: string | null): Asking => ({
  delivery,
  scale: form.scale,
  comment: form.comment,
  expirySeconds,
  words: wordsFor(form, locale),
});

/** Whom a rating counts for. */
export interface Subject {
  readonly agentId: string | null;
  readonly teamId: string | null;
  readonly queueId: string | null;
}

/**
 * The agent in charge at the end, else the last human who was: an owner can be gone by then (INACTIVE, WAITING). Events
 * from before there were agents say nothing of this.
 */
export function subjectOf(ended: Partial<Pick<SessionEnded, 'owner' | 'lastHumanAgentId' | 'routing'>>): Subject {
  const { owner, lastHumanAgentId, routing } = ended;
  return {
    agentId: owner?.agentId ?? lastHumanAgentId ?? null,
    teamId: owner?.teamId ?? null,
    queueId: routing?.queueId ?? null,
  };
}
