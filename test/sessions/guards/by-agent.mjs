/** Who may end, from where (src/conversation/core/decide/end-guards.ts). */
import { watchedBy } from './guard.mjs';

const without = watchedBy('src/conversation/core/life/end-by-agent.spec.ts', 'src/conversation/core');
const guards = 'decide/end-guards.ts';
const end = 'decide/end.ts';
const own = "(ownsOrHad(draft, session, agent) ? null : { reason: 'notOwner' })";
const window = 'if (!draft.world.settings.agentsCanEnd || !draft.world.channel.can.agentEnd)';
const endAny = '|| !agent.profile.permissions.endAny';
const panel = '!layoutOf(world, agent).sessionPanel';
const licence = `if (!permissions.chat || ${panel}) return`;
const asAgent = "case 'agent':\n      return 'agent';";

export const byAgent = [
  without('L-1', 'the right of the owner', guards, own, "{ reason: 'notOwner' }"),
  without('L-2', 'chat turned on in the app', guards, '!world.settings.chatEnabled || !agent', '!agent'),
  without('L-2', 'the licence', guards, licence, `if (${panel}) return`),
  without('L-2', 'the panel', guards, licence, 'if (!permissions.chat) return'),
  without('M-1', 'where the end came from', end, 'via: command.via,', "via: 'window',"),
  without('M-2', 'the right on standard channels', 'channel.ts', 'agentEnd: true,', 'agentEnd: enhanced,'),
  without('M-3', 'the licence', guards, licence, `if (${panel}) return`),
  without(
    'M-3',
    'the permission',
    guards,
    "return permissions.chatRep ? null : { reason: 'chatRepRequired' };",
    'return null;',
  ),
  without('M-3', 'ownership', guards, own, 'null'),
  without(
    'M-4',
    'the permission',
    guards,
    "permissions.messagingAgent ? null : { reason: 'messagingAgentRequired' }",
    'null',
  ),
  without('M-4', 'ownership', guards, own, 'null'),
  without(
    'M-4',
    'that no licence is asked',
    guards,
    'if (!world.channel.can.chat) return',
    "if (!permissions.chat) return { reason: 'chatNotEnabled' };\n  if (!world.channel.can.chat) return",
  ),
  without('M-5', 'the permission', guards, endAny, ''),
  without('M-6', 'the state', guards, "(session.status === 'ACTIVE' ? null : { reason: 'notActive' }) ??", ''),
  without('M-9', 'the tier', guards, "if (list === 'row' && !can.rowEnd)", 'if (!can.agentEnd)'),
  without('M-9', 'bulk on both tiers', 'channel.ts', 'bulkEnd: true,', 'bulkEnd: !enhanced,'),
  without('M-13', 'the model', guards, "return parked ? { reason: 'inactiveStatusBased' } : null;", 'return null;'),
  without('A-1', 'who ended', end, asAgent, "case 'agent':\n      return 'system';"),
  without('A-7', 'the setting, in the window', guards, window, 'if (!draft.world.channel.can.agentEnd)'),
  without(
    'A-7',
    'the setting, in lists',
    guards,
    "if (!draft.world.settings.agentsCanEnd) return { reason: 'agentEndDisabled' };",
    '',
  ),
  without('A-7', 'the setting, for desks', guards, 'desk && !draft.world.settings.agentsCanEnd', 'desk && !draft'),
  without('A-8', 'the setting, as it is now', guards, window, 'if (!draft.world.channel.can.agentEnd)'),
  without('T27', 'who ended', end, asAgent, "case 'agent':\n      return 'system';"),
  without('T28', 'the right of a supervisor', guards, endAny, '|| agent.profile.permissions.endAny'),
  without('T30', 'who holds control', guards, "if (!isHolder(draft, by)) return { reason: 'notTheHolder' };", ''),
  without('T31', 'for whom a partner ends', end, "return actingFor ?? 'system';", "return 'system';"),
];
