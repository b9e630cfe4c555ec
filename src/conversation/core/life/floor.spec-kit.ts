import type { Agent, Load, WorkItem } from '../../../agents/core/index.js';
import type {
  AgentId,
  ConversationId,
  IntegrationId,
  KeyId,
  MessageId,
  QueueId,
  SessionId,
  SwitchboardId,
  UserId,
  WorkItemId,
} from '../../../kernel/index.js';
import { capabilitiesOf, usualChannel, usualLoad, usualNoResponseSeconds } from '../index.js';
import type { Actor, Channel, ChannelKind, ChannelTier, Queue, Settings, Switchboard, World } from '../index.js';

/** An app with a bot in front, an agent workspace with two agents behind it, and a bot for surveys. */
const hex = (n: number): string => n.toString(16).padStart(24, '0');
let made = 0;
export const fresh = <T extends string>(): T => hex(0x20000 + ++made) as T;

type Linked = Switchboard['integrations'][number];
const linked = (n: number, name: string, more: Partial<Linked> = {}): Linked => ({
  id: hex(n) as Linked['id'],
  name,
  integrationId: hex(n + 0x100) as IntegrationId,
  integrationType: 'custom',
  kind: 'bot',
  deliverStandbyEvents: true,
  nextId: null,
  deadlines: { holderSeconds: null, replySeconds: null, replyAction: 'warn' },
  ...more,
});

export const bot = linked(1, 'bot');
export const workspace = linked(2, 'workspace', { kind: 'agent', integrationType: 'agentWorkspace' });
export const survey = linked(3, 'survey');
/** A desk of its own: an integration that counts as human, without agents of ours. */
export const desk = linked(4, 'desk', { kind: 'agent' });

export const app: Actor = { type: 'app', keyId: 'app_000000000000000000000001' as KeyId };
export const system: Actor = { type: 'system' };
export const ann: Actor & { type: 'user' } = { type: 'user', userId: hex(0x50) as UserId };
export const keyOf = ({ integrationId, id }: Linked): Actor => ({
  type: 'integration',
  integrationId,
  keyId: `int_${id}` as KeyId,
});

export const mia = hex(0x61) as AgentId;
export const ben = hex(0x62) as AgentId;
export const by = (agentId: AgentId): Actor & { type: 'agent' } => ({
  type: 'agent',
  agentId,
  keyId: `agt_${agentId}` as KeyId,
});

type Change<T> = { readonly [Name in keyof T]?: T[Name] };
type AgentChange = Change<Agent['profile']> & {
  readonly presence?: Change<Agent['presence']>;
  readonly may?: Change<Agent['profile']['permissions']>;
  readonly work?: readonly WorkItem[];
};

/** Online, with every permission but that of ending anybody's session, and room for four. */
export function agent(id: AgentId, { presence, may, work, ...profile }: AgentChange = {}): Agent {
  return {
    id,
    profile: {
      displayName: id === mia ? 'Mia' : 'Ben',
      role: 'agent',
      active: true,
      teams: [],
      skills: [],
      permissions: { chat: true, chatRep: true, messagingAgent: true, endAny: false, ...may },
      limits: { primary: 4, interruptible: null, buckets: null },
      sessionPanel: null,
      hideCustomerInactive: null,
      ...profile,
    },
    presence: { status: 'online', loggedIn: true, since: 0, graceUntil: null, connection: 'one', ...presence },
    work: work ?? [],
    seq: 0,
  };
}

/** Work of another session that an agent has open. */
export const busyWith = (load: Load): WorkItem => ({
  id: fresh<WorkItemId>(),
  sessionId: fresh<SessionId>(),
  conversationId: fresh<ConversationId>(),
  queueId: null,
  status: 'open',
  tabOpen: true,
  automatic: true,
  load,
  idle: false,
  offeredAt: 0,
  openedAt: 0,
  afterWork: null,
  ticket: null,
});

export const tabBased: Load = { ...usualLoad, weight: 2 };
export const statusBased: Load = { ...tabBased, model: 'status_based' };

/** The widget unless another kind is named; kinds bring their capabilities. */
export function channel(
  kind: ChannelKind = 'web_widget',
  tier: ChannelTier = 'enhanced',
  more: Change<Channel> = {},
): Channel {
  const noResponseSeconds = usualNoResponseSeconds(tier);
  return { ...usualChannel, kind, tier, can: capabilitiesOf(kind, tier), load: tabBased, noResponseSeconds, ...more };
}

export const support = hex(0x71) as QueueId;
export const billing = hex(0x72) as QueueId;
export const queue = (id: QueueId, more: Change<Queue> = {}): Queue => ({
  id,
  name: id === support ? 'support' : 'billing',
  teams: [],
  skills: [],
  order: ['mostAvailable'],
  weight: null,
  pushTimeoutSeconds: 30,
  autoAccept: false,
  waitSeconds: null,
  mostWaiting: null,
  hours: null,
  overflow: { to: 'none' },
  checkOnReturn: false,
  takesTransfers: true,
  ...more,
});

export const board = (change: Change<Switchboard> = {}): Switchboard => ({
  id: hex(9) as SwitchboardId,
  enabled: true,
  defaultId: bot.id,
  enforcement: 'strict',
  offerExpirySeconds: null,
  failOverNote: null,
  partingSeconds: 10,
  outsiders: 'allow',
  handOffLimit: 20,
  integrations: [bot, workspace, survey, desk],
  former: [],
  ...change,
});

/** Agents first: who writes waits for a human at once. */
export const humansFirst = board({ defaultId: workspace.id });

const release = { mode: 'release' } as const;
export const usual: Settings = {
  multiConvoEnabled: true,
  endSessionEnabled: true,
  disableConversationReopen: false,
  reopenWithinSeconds: null,
  agentsCanEnd: true,
  chatEnabled: true,
  agentLayout: { sessionPanel: true, hideCustomerInactive: false },
  onEnd: { end_user: release, agent: release, bot: release, system: release },
  endingMaxSeconds: 900,
  endNoteToEndUser: true,
  inactiveEndSeconds: 86_400,
  allowEndInactive: false,
  botIdleSeconds: null,
  endUserTokenSeconds: null,
  idle: {
    customer: { warnSeconds: null, actSeconds: null, action: { do: 'end' } },
    agent: { warnSeconds: null, actSeconds: null, action: { do: 'reroute' } },
  },
  reminders: [],
  logoutEndsSessions: 'always',
};

/** What a story may change about the world it happens in. */
export interface Setting {
  readonly switchboard?: Switchboard | null;
  readonly settings?: Change<Settings>;
  readonly channel?: Channel;
  readonly queues?: readonly Queue[];
  readonly agents?: readonly Agent[];
}

export function changed(world: World, { settings, agents, ...rest }: Setting): World {
  const there = agents && new Map([...world.agents, ...agents.map((one) => [one.id, one] as const)]);
  return {
    ...world,
    ...rest,
    settings: { ...world.settings, ...settings },
    ...(there && { agents: there }),
  };
}

export const ids = (): World['ids'] => ({
  session: fresh<SessionId>(),
  note: fresh<MessageId>(),
  notice: fresh<MessageId>(),
  workItem: fresh<WorkItemId>(),
});

/** Ten o'clock on some day. */
export const opening: World = {
  now: 1_767_607_200_000,
  ids: ids(),
  switchboard: board(),
  settings: usual,
  channel: channel(),
  queues: [queue(support), queue(billing)],
  agents: new Map([mia, ben].map((id) => [id, agent(id)])),
};
