/**
 * In-process signal after a commit: the presence, the work or the profile of these agents changed. Gone when nobody
 * listens; whoever relies on it sweeps too.
 */
export const AGENTS_CHANGED = 'agents.changed';

export interface AgentsChanged {
  readonly agents: readonly { readonly appId: string; readonly agentId: string }[];
}

/** In-process signal after a commit: conversations have to hear that their agent is gone. The sweep finds them too. */
export const AGENTS_LEAVE = 'agents.leave';
