import { createHash } from 'node:crypto';
import { scoresOf } from '../../conversation/core/index.js';
import type { Asking } from '../asking/asking.js';
import { houseWords, labelOf, type Words } from '../words/house-words.js';

/** Characters of free text on the page, as the row holds it. Browsers count an emoji as two, and so stop earlier. */
export const LONGEST_COMMENT = 1_000;

/** What somebody filled in before they were told that something is missing. */
export interface FilledIn {
  readonly comment: string;
}

const STYLE = `
:root{color-scheme:light dark}
body{font:1.125rem/1.5 system-ui,sans-serif;max-width:34rem;margin:0 auto;padding:1.5rem 1rem;color:#1b1b1f;background:#fff}
h1,legend{font-size:1.375rem;line-height:1.3;font-weight:600;margin:0 0 1rem;padding:0}
fieldset{border:0;margin:0 0 1.5rem;padding:0}
.choice{display:flex;gap:.75rem;align-items:center;min-height:2.75rem}
.choice label{flex:1;padding:.5rem 0}
input[type=radio]{inline-size:1.5rem;block-size:1.5rem;margin:0}
textarea{display:block;box-sizing:border-box;inline-size:100%;font:inherit;padding:.5rem;margin:.25rem 0 1.5rem;border:1px solid #5c5c66}
button{font:inherit;min-height:2.75rem;padding:.5rem 1.5rem;border:0;border-radius:.25rem;color:#fff;background:#0b57d0}
:focus-visible{outline:3px solid #0b57d0;outline-offset:3px}
.error{color:#b3261e;font-weight:600}
@media (prefers-color-scheme:dark){body{color:#f1f1f4;background:#16161a}textarea{color:inherit;background:#24242a;border-color:#a3a3ad}
button{background:#a8c7fa;color:#062e6f}:focus-visible{outline-color:#a8c7fa}.error{color:#ffb4ab}}
`;

/** No script, nothing from elsewhere, no frame: the page is its own style and its own form. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  // The address is the key to the survey: it goes to nobody else and is kept nowhere.
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
} as const;

/** The question; `missing`: it came back without a rating. Works without a script, by keyboard and by ear. */
export function questionPage({ words, scale, comment }: Asking, missing: FilledIn | null = null): string {
  const error = missing ? `<p class="error" id="error" role="alert">${escaped(words.choose)}</p>` : '';
  const described = missing ? ' aria-describedby="error"' : '';
  const choices = scoresOf(scale).map(
    (score) =>
      `<div class="choice"><input type="radio" name="score" id="score-${score}" value="${score}" required>` +
      `<label for="score-${score}">${escaped(labelOf(scale, score, words))}</label></div>`,
  );
  const freeText = comment
    ? `<label for="comment">${escaped(words.comment)}</label>` +
      `<textarea id="comment" name="comment" rows="4" maxlength="${LONGEST_COMMENT}">${escaped(missing?.comment ?? '')}</textarea>`
    : '';
  return page(
    words,
    words.question,
    `<form method="post" accept-charset="utf-8"><fieldset${described}><legend>${escaped(words.question)}</legend>` +
      `${error}${choices.join('')}</fieldset>${freeText}<button type="submit">${escaped(words.submit)}</button></form>`,
  );
}

/** One sentence: thanks, there is an answer already, or it is too late. */
export const saidPage = (words: Words, what: 'thanks' | 'answered' | 'closed'): string =>
  page(words, words[what], `<h1>${escaped(words[what])}</h1>`);

/** For a link that is none of ours: in English, for nobody knows whose it is. */
export const unknownPage = (): string => {
  const words = houseWords['en'];
  if (!words) throw new Error('the house speaks English');
  return page(words, NO_SURVEY, `<h1>${NO_SURVEY}</h1>`);
};

const NO_SURVEY = 'There is no survey at this address.';

const page = ({ locale }: Words, title: string, body: string): string =>
  `<!doctype html><html lang="${escaped(locale)}" dir="${direction(locale)}"><head><meta charset="utf-8">` +
  `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title>` +
  `<style>${STYLE}</style></head><body><main>${body}</main></body></html>`;

const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);

const direction = (locale: string): 'rtl' | 'ltr' =>
  RIGHT_TO_LEFT.has(locale.toLowerCase().split('-')[0] ?? '') ? 'rtl' : 'ltr';

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
