import { Failure } from '../../kernel/index.js';
import { InvalidInput } from './invalid-input.js';

export interface ErrorEntry {
  readonly code: string;
  readonly title: string;
  readonly [field: string]: unknown;
}

/** What every error looks like on the wire, also the unexpected ones (`docs/wire.md` 3). */
export interface ErrorBody {
  readonly errors: readonly ErrorEntry[];
}

export function errorBody(failure: Failure): ErrorBody {
  if (failure instanceof InvalidInput) {
    return { errors: failure.titles.map((title) => ({ code: failure.code, title })) };
  }
  const { code, title } = failure;
  return { errors: [{ code, title, ...failure.details.fields }] };
}
