import type { AgentDraft, ProfilePatch } from '../agents/index.js';

/** What an agent has that nobody said otherwise of: a full-time human who may chat, with room for one session. */
export function draftOf(
  body: ProfilePatch & { readonly displayName: string; readonly externalId?: string | null },
): AgentDraft {
  const { externalId = null, permissions, limits, ...rest } = body;
  return {
    role: 'agent',
    active: true,
    teams: [],
    skills: [],
    sessionPanel: null,
    hideCustomerInactive: null,
    ...rest,
    externalId,
    permissions: {
      chat: true,
      chatRep: true,
      messagingAgent: true,
      endAny: rest.role === 'supervisor',
      ...permissions,
    },
    limits: { primary: 1, interruptible: null, buckets: null, ...limits },
  };
}
