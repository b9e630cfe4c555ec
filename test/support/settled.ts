import { decidingSettings, type AppConfiguration, type WebhookSetting } from '../../src/configuration/index.js';
import {
  evolve,
  initialState,
  usualChannel,
  type ConversationCommand,
  type ConversationEvent,
  type ConversationState,
  type MessageBody,
  type Settled,
  type SwitchboardIntegration,
  type UserSnapshot,
} from '../../src/conversation/index.js';
import type { AppId, IntegrationId, SwitchboardIntegrationId, UserId } from '../../src/kernel/index.js';

/** Readable ids of the right form: a name's letters as hex, filled up. */
export const idOf = <T extends string>(name: string): T =>
  Buffer.from(name).toString('hex').padEnd(24, '0').slice(0, 24) as T;

export const ana: UserSnapshot = {
  id: idOf<UserId>('ana'),
  externalId: 'cust-17',
  authenticated: true,
  signedUpAt: '2026-02-01T09:00:00.000Z',
  profile: { givenName: 'Ana' },
  metadata: { plan: 'gold' },
  identities: [{ type: 'email', value: 'ana@example.org', verification: 'verified' }],
};

/** The integration `name`, linked to the switchboard under an id of its own. */
export function linked(name: string, deliverStandbyEvents = true): SwitchboardIntegration {
  return {
    id: idOf<SwitchboardIntegrationId>(`si-${name}`),
    name,
    integrationId: idOf<IntegrationId>(name),
    integrationType: 'custom',
    kind: 'bot',
    deliverStandbyEvents,
    nextId: null,
    deadlines: { holderSeconds: null, replySeconds: null, replyAction: 'warn' },
  };
}

export function webhookOf(
  name: string,
  triggers: readonly string[] = ['*'],
  rest: Partial<WebhookSetting> = {},
): WebhookSetting {
  return {
    id: idOf(`hook-${name}`),
    integrationId: idOf(name),
    target: 'http://127.0.0.1/',
    triggers: new Set(triggers),
    includeFullUser: false,
    includeFullSource: false,
    ...rest,
  };
}

export interface Story {
  readonly links?: readonly SwitchboardIntegration[];
  /** `null`: the app has no switchboard. */
  readonly enabled?: boolean | null;
  readonly webhooks?: readonly WebhookSetting[];
  readonly before?: ConversationState;
  readonly command?: ConversationCommand;
  readonly events: readonly ConversationEvent[];
  readonly messages?: readonly MessageBody[];
  readonly at?: number;
}

const START = Date.parse('2026-03-01T10:00:00.120Z');

/** A decision whose events are given, folded as the shell does. */
export function settledOf(story: Story): Settled {
  const { before = initialState, events, at = START } = story;
  let state = before;
  const recorded = events.map((event, index) => {
    state = evolve(state, event, at);
    return {
      id: idOf(`event-${index}`) as never,
      seq: state.seq,
      controlEpoch: state.controlEpoch,
      at,
      event,
      after: state,
    };
  });
  const configuration = configurationOf(story);
  return {
    appId: configuration.appId,
    conversationId: idOf('conversation'),
    command: story.command ?? {
      type: 'startConversation',
      by: { type: 'app', keyId: 'app_1' as never },
      channelId: null,
    },
    before,
    after: state,
    world: {
      now: at,
      ids: {} as never,
      switchboard: configuration.switchboard,
      settings: configuration.settings,
      channel: configuration.defaultChannel,
      queues: configuration.queues,
      agents: new Map(),
    },
    agents: [],
    formerDefault: null,
    surveyLink: null,
    configuration,
    profile: {
      type: 'personal',
      userId: ana.id,
      isDefault: true,
      displayName: 'shown nowhere',
      description: null,
      iconUrl: null,
      metadata: { plan: 'gold' },
      createdAt: '2026-03-01T10:00:00.000Z',
      lastUpdatedAt: '2026-03-01T10:00:00.000Z',
      businessLastRead: null,
    },
    users: new Map([[ana.id, ana]]),
    participants: [],
    recorded,
    messages: new Map((story.messages ?? []).map((message) => [message.id, message])),
    answer: { decision: { ok: true }, seq: state.seq, controlEpoch: state.controlEpoch, created: null },
  };
}

/** The state after these events, to begin a story from. */
export function after(...events: readonly ConversationEvent[]): ConversationState {
  return events.reduce((state, event) => evolve(state, event, START), initialState);
}

export function configurationOf({
  links = [],
  enabled = true,
  webhooks = [],
}: Omit<Story, 'events'>): AppConfiguration {
  return {
    appId: idOf<AppId>('app'),
    version: 1,
    removed: false,
    namesAhead: [],
    settings: decidingSettings({
      multiConvoEnabled: true,
      endSessionEnabled: true,
      disableConversationReopen: true,
      endingMaxSeconds: 0,
    }),
    channels: new Map(),
    defaultChannel: usualChannel,
    queues: [],
    switchboard:
      enabled === null
        ? null
        : {
            id: idOf('switchboard'),
            enabled,
            defaultId: links[0]?.id ?? null,
            enforcement: 'strict',
            offerExpirySeconds: null,
            failOverNote: null,
            partingSeconds: 10,
            outsiders: 'allow',
            handOffLimit: 20,
            former: [],
            integrations: links,
          },
    integrations: new Map(),
    webhooks,
  };
}
