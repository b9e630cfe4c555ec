import type { AppId } from '../kernel/index.js';
import type { Tx } from '../platform/postgres/index.js';
import type { Asked } from './asked.js';

/** What was done, noun first, as events are named: `switchboard.update`. */
export type Action = `${string}.${string}`;

/** What a change did, beside its answer. Secrets may be in it: the log leaves them out. */
export interface Deed {
  /** The id of what was changed. */
  readonly subject: string;
  /** As it was; `null`: it was not there. */
  readonly before: object | null;
  /** As it became; `null`: it is gone. */
  readonly after: object | null;
}

/** The answer of a change together with what it did: a change that says nothing of itself does not compile. */
export interface Changed<T> extends Deed {
  readonly answer: T;
}

export interface LoggedDeed extends Deed, Pick<Asked, 'by' | 'requestId'> {
  readonly appId: AppId;
  readonly action: Action;
}

/** Given by the audit room (`CHANGE_LOG`). Writes in the transaction of the change: both happen, or neither. */
export interface ChangeLog {
  write(tx: Tx, deed: LoggedDeed): Promise<void>;
}

export const CHANGE_LOG = Symbol('ChangeLog');
