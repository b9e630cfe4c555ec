import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The house's own work, which is no app's. Each has policies of its own on the tables it needs, and on no others
 * (`migrations/0016_row_security.sql`).
 */
export type House =
  /** Keys, agents and apps at the door, before it is known who calls. */
  | 'auth'
  /** The account: which apps there are, and its own keys. */
  | 'account'
  | 'relay'
  | 'lanes'
  | 'timers'
  /** Which deletions have consequences to be worked on; the work itself is of the app. */
  | 'removals'
  | 'routing'
  | 'csat'
  /** Whoever has a link of a survey. */
  | 'surveyLink'
  /** What our own listeners keep of events. */
  | 'consumers'
  /** Stored answers past their time. */
  | 'forgetting'
  /** Whose record a cursor names, so that another app's is told from one that is gone. */
  | 'cursors'
  /** The audit logs of all apps, read at the machine. */
  | 'audit';

/** Whose rows a statement may see and write: of some apps, or of one kind of the house's own work. */
export type Scope = string & { readonly scope: never };

const APP_ID = /^[\w-]{1,64}$/;

/** One or several apps, as a group of the ledger has them. */
export function ofApps(appIds: Iterable<string>): Scope {
  const ids = [...new Set(appIds)];
  for (const id of ids) if (!APP_ID.test(id)) throw new Error(`no app has the id ${id}`);
  return `{${ids.join(',')}}` as Scope;
}

export const ofHouse = (house: House): Scope => `{@${house}}` as Scope;

/** The setting that the policies read. Its value is safe to be written into a statement. */
export const SCOPE_SETTING = 'switchboard.scope';

interface Holder {
  scope: Scope | null;
}

const current = new AsyncLocalStorage<Holder>();

/** Runs `work`, and all that it waits for, for these apps. */
export const inApps = <T>(appIds: Iterable<string>, work: () => T): T => current.run({ scope: ofApps(appIds) }, work);

/** Runs a request for nobody yet: who calls is proven inside, and said with {@link enter}. */
export const forNobodyYet = <T>(work: () => T): T => current.run({ scope: null }, work);

/** From now on the request that is being answered is for this scope. */
export function enter(scope: Scope): void {
  const holder = current.getStore();
  if (holder === undefined) throw new Error('nothing is being answered here');
  holder.scope = scope;
}

/** For whom statements run here. Throws where nobody said so: such a statement would see nothing. */
export function scopeHere(): Scope {
  const scope = current.getStore()?.scope ?? null;
  if (scope === null) throw new Error('a statement runs for nobody: say for which app, or for what work of the house');
  return scope;
}
