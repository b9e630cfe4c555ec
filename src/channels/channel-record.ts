import type { AfterWorkRule, Bucket, CapacityModel } from '../agents/core/index.js';
import {
  capabilitiesOf,
  usualLoad,
  usualNoResponseSeconds,
  type Capabilities,
  type ChannelKind,
  type ChannelTier,
} from '../conversation/core/index.js';
import type { ChannelId, QueueId } from '../kernel/index.js';

/** A service channel as it is stored and told; `null` where the kind or the tier says it. */
export interface ChannelRecord {
  readonly id: ChannelId;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly tier: ChannelTier;
  /** What conversations that name no channel are on. */
  readonly default: boolean;
  readonly capacityModel: CapacityModel;
  readonly weight: number;
  readonly percent: number | null;
  readonly pausedWeight: number;
  readonly interruptible: boolean;
  readonly bucket: Bucket;
  readonly countInactive: boolean;
  readonly afterWork: AfterWorkRule | null;
  readonly customerInactivitySeconds: number | null;
  readonly optIn: 'none' | 'explicit';
  readonly endUserEnd: boolean | null;
  readonly queueId: QueueId | null;
  readonly noResponseSeconds: number | null;
  readonly agentEndedRoutingChannel: 'messaging' | 'email';
}

export const usualRecord: Omit<ChannelRecord, 'id' | 'name' | 'kind' | 'tier'> = {
  default: false,
  capacityModel: usualLoad.model,
  weight: usualLoad.weight,
  percent: null,
  pausedWeight: usualLoad.pausedWeight,
  interruptible: false,
  bucket: usualLoad.bucket,
  countInactive: false,
  afterWork: null,
  customerInactivitySeconds: null,
  optIn: 'none',
  endUserEnd: null,
  queueId: null,
  noResponseSeconds: null,
  agentEndedRoutingChannel: 'messaging',
};

/** With what follows from kind and tier, and what the app should know of its choice. */
export interface ChannelView extends ChannelRecord {
  readonly capabilities: Capabilities;
  readonly warnings: readonly string[];
}

export function channelView(record: ChannelRecord): ChannelView {
  const usual = capabilitiesOf(record.kind, record.tier);
  return {
    ...record,
    noResponseSeconds: record.noResponseSeconds ?? usualNoResponseSeconds(record.tier),
    endUserEnd: record.endUserEnd ?? usual.endUserEnd,
    capabilities: { ...usual, endUserEnd: record.endUserEnd ?? usual.endUserEnd },
    warnings: warningsOf(record),
  };
}

/** `docs/rules.md` D3: allowed, but it parks work that its agent thinks is under way. */
function warningsOf({ capacityModel, customerInactivitySeconds }: ChannelRecord): readonly string[] {
  if (capacityModel !== 'status_based' || customerInactivitySeconds === null) return [];
  return [
    'customerInactivitySeconds under status_based capacity: sessions are paused while their agent keeps them, and may ' +
      'come back when the agent is full',
  ];
}
