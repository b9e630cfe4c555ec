/**
 * What an app's key may do. `full`: all that app keys could ever do. The others open the routes that name them
 * (`@Grants`) and nothing else: `agents` the agents, their keys and tokens for them; `sessions` sessions and their
 * ends; `audit:read` the audit log.
 */
export const GRANTS = ['full', 'agents', 'sessions', 'audit:read'] as const;

export type Grant = (typeof GRANTS)[number];

/** Whether a key with `held` may do what needs `needed`; `null`: what only a whole key may. */
export function isGranted(held: readonly Grant[], needed: Grant | null): boolean {
  return held.includes('full') || (needed !== null && held.includes(needed));
}
