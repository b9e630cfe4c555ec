import { happened, type Draft } from './drafting.js';

/** What a bucket counts is the agent's work whose customer still answers (`docs/rules.md` 3.6). */
export function markIdle(draft: Draft, idle: boolean): Draft {
  const { session } = draft.state;
  const { owner: agentId, workItemId } = session?.human ?? { owner: null, workItemId: null };
  if (!session || agentId === null || workItemId === null || session.talk.idle === idle) return draft;
  return happened(draft, { type: 'workIdled', sessionId: session.id, agentId, workItemId, idle });
}
