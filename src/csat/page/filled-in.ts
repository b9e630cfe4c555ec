import { cut } from '../../kernel/index.js';
import { LONGEST_COMMENT } from './survey-page.js';

/** What somebody sent from the page; nothing of it can be trusted. `score` is `NaN` where none was chosen. */
export function filledIn(body: unknown): { readonly score: number; readonly comment: string } {
  const fields = new Map(Object.entries(typeof body === 'object' && body !== null ? body : {}));
  const score = textOf(fields.get('score'));
  return {
    score: /^\d{1,2}$/.test(score) ? Number(score) : Number.NaN,
    comment: cut(textOf(fields.get('comment')).trim().toWellFormed(), LONGEST_COMMENT),
  };
}

/** Line ends as everywhere; what PostgreSQL cannot hold is left out. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.replaceAll('\r\n', '\n').replaceAll('\0', '') : '';
