import {
  capabilitiesOf,
  usualChannel,
  usualNoResponseSeconds,
  type Channel,
  type Overflow,
  type Queue,
} from '../conversation/core/index.js';
import type { Load } from '../agents/core/index.js';
import type { ChannelId, QueueId } from '../kernel/index.js';
import type { Row } from '../ledger/index.js';

export function queueOf(row: Row): Queue {
  return {
    id: row['id'] as QueueId,
    name: row['name'] as string,
    teams: row['teams'] as string[],
    skills: row['skills'] as string[],
    order: row['asked_first'] as Queue['order'],
    weight: row['weight'] as number | null,
    pushTimeoutSeconds: row['push_timeout_seconds'] as number | null,
    autoAccept: row['auto_accept'] as boolean,
    waitSeconds: row['wait_seconds'] as number | null,
    mostWaiting: row['most_waiting'] as number | null,
    hours: row['hours'] as Queue['hours'],
    overflow: overflowOf(row),
    checkOnReturn: row['check_on_return'] as boolean,
    takesTransfers: row['takes_transfers'] as boolean,
  };
}

function overflowOf(row: Row): Overflow {
  const to = row['overflow_to'] as Overflow['to'];
  if (to === 'queue') return { to, queueId: row['overflow_queue_id'] as QueueId };
  return to === 'bot' ? { to, name: row['overflow_bot'] as string } : { to };
}

export function channelOf(row: Row): Channel {
  const kind = row['kind'] as Channel['kind'];
  const tier = row['tier'] as Channel['tier'];
  const usual = capabilitiesOf(kind, tier);
  return {
    id: row['id'] as ChannelId,
    kind,
    tier,
    can: { ...usual, endUserEnd: (row['end_user_end'] as boolean | null) ?? usual.endUserEnd },
    load: loadOf(row),
    customerInactivitySeconds: row['customer_inactivity_seconds'] as number | null,
    optIn: row['opt_in'] as Channel['optIn'],
    queueId: row['queue_id'] as QueueId | null,
    noResponseSeconds: (row['no_response_seconds'] as number | null) ?? usualNoResponseSeconds(tier),
    agentEndedAs: row['agent_ended_as'] as Channel['agentEndedAs'],
  };
}

function loadOf(row: Row): Load {
  return {
    model: row['capacity_model'] as Load['model'],
    weight: row['weight'] as number,
    percent: row['percent'] as number | null,
    pausedWeight: row['paused_weight'] as number,
    interruptible: row['interruptible'] as boolean,
    bucket: row['bucket'] as Load['bucket'],
    countInactive: row['count_inactive'] as boolean,
    afterWork: row['after_work'] as Load['afterWork'],
  };
}

/** The channel of conversations that name none: the one marked so, else the web widget with its defaults. */
export function defaultChannelOf(rows: readonly Row[]): Channel {
  const row = rows.find((one) => one['is_default'] === true);
  return row === undefined ? usualChannel : channelOf(row);
}
