import { usualSendOn, type SurveyRules } from '../conversation/core/index.js';

export { usualSendOn, type SendOn } from '../conversation/core/index.js';

/** `stars5`: 1 to 5; `thumbs`: 0 or 1; `nps`: 0 to 10. */
export type CsatScale = 'stars5' | 'thumbs' | 'nps';

/** What a survey says in one language; what is left out is said as the house says it. */
export interface SurveyWords {
  readonly question?: string;
  /** Above the field for free text. */
  readonly comment?: string;
  readonly submit?: string;
  readonly thanks?: string;
}

export interface CsatForm {
  readonly scale: CsatScale;
  /** Whether words are asked for beside the rating. */
  readonly comment: boolean;
  /** For end users whose own language neither the app nor the house speaks. */
  readonly defaultLanguage: string;
  /** By language tag (`de`, `pt-BR`). */
  readonly languages: Readonly<Record<string, SurveyWords>>;
}

/** Whether, when and how sessions are surveyed. */
export interface CsatSettings extends SurveyRules {
  /** From the end, or from the solved ticket, to the question. */
  readonly waitSeconds: number;
  /** From the question until answers are taken no longer. */
  readonly expirySeconds: number;
  /** Where the question is put: in the conversation, by a signed link to a page, or both. */
  readonly delivery: 'in_channel' | 'link' | 'both';
  readonly form: CsatForm;
}

export const defaultCsat: CsatSettings = {
  mode: 'customizable',
  sendOn: usualSendOn.customizable,
  afterSilence: false,
  waitSeconds: 0,
  expirySeconds: 7 * 24 * 3600,
  delivery: 'in_channel',
  form: { scale: 'stars5', comment: true, defaultLanguage: 'en', languages: {} },
};

/** What the app's row says, over the defaults. */
export function effectiveCsat(stored: CsatPatch | undefined): CsatSettings {
  return mergedCsat(defaultCsat, stored ?? {});
}

/** What a PATCH may name; `sendOn` and `languages` are given whole. */
export type CsatPatch = Partial<Omit<CsatSettings, 'form'>> & { readonly form?: Partial<CsatForm> };

/** Merged in; a list of ends that nobody chose follows the mode. */
export function mergedCsat(settings: CsatSettings, patch: CsatPatch): CsatSettings {
  const merged = { ...settings, ...patch, form: { ...settings.form, ...patch.form } };
  const unchosen = patch.sendOn === undefined && same(settings.sendOn, usualSendOn[settings.mode]);
  return unchosen ? { ...merged, sendOn: usualSendOn[merged.mode] } : merged;
}

const same = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && others.every((one) => some.includes(one));
