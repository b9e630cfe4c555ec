/**
 * In-process signal after a commit: sessions of these apps wait and nobody is asked. Gone when nobody listens; the
 * dispatcher sweeps too.
 */
export const SESSIONS_WAIT = 'routing.sessionsWait';

export interface SessionsWait {
  readonly appIds: readonly string[];
}
