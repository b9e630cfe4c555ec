/**
 * In-process signal after a commit: the presence, the work or the profile of these agents changed. Gone when nobody
 * listens; whoever relies on it sweeps too.
 */
export const AGENTS_CHANGED = 'agents.changed';

export interface AgentsChanged {
  readonly agents: readonly { readonly appId: string; readonly agentId: string }[];
}
