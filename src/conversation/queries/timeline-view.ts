import type { AppConfiguration } from '../../configuration/index.js';
import type { IsoTime, Millis, SwitchboardIntegrationId } from '../../kernel/index.js';
import { isoTime } from '../../platform/clock/index.js';
import type { Actor, EndFacts, Fallback, PostEnd } from '../core/index.js';
import { actorView, holderView } from '../views.js';
import type { TimelineRecord } from './timeline.query.js';

/**
 * A line of a conversation's timeline, as the API returns it (docs/control.md, The timeline).
 *
 * In `data` every time is ISO, everybody on the switchboard is `{id, name}` (`name` is absent once the switchboard
 * integration was deleted), and `by` says who did it. A field is `null` where there was nobody or no limit.
 */
export interface TimelineLine {
  readonly id: string;
  readonly kind: 'event' | 'refusal';
  readonly type: string;
  readonly at: IsoTime;
  readonly seq: number;
  readonly controlEpoch: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Fields that name a switchboard integration by its id. */
const HOLDERS = new Set(['from', 'to', 'active', 'pending', 'voided', 'sender', 'holder', 'last']);

export function timelineView({ data, at, ...line }: TimelineRecord, configuration: AppConfiguration): TimelineLine {
  const { type: _type, ...facts } = data;
  const told = Object.entries(facts).map(([field, value]) => [
    field,
    // The status it left, where others say who passed control.
    line.type === 'sessionQueued' && field === 'from' ? value : factView(field, value, configuration),
  ]);
  return { ...line, at: isoTime(at), data: Object.fromEntries(told) };
}

function factView(field: string, value: unknown, configuration: AppConfiguration): unknown {
  if (value === null) return null;
  if (HOLDERS.has(field)) return namedHolder(value as SwitchboardIntegrationId, configuration);
  switch (field) {
    case 'by':
      return actorView(value as Actor);
    case 'expiresAt':
    case 'partingUntil':
    case 'closesAt':
    case 'owedSince':
    case 'requestedAt':
      return isoTime(value as Millis);
    case 'between':
      return (value as readonly SwitchboardIntegrationId[]).map((id) => namedHolder(id, configuration));
    case 'fallback':
      return (value as Fallback).chain.map((id) => namedHolder(id, configuration));
    case 'end':
      return endView(value as EndFacts, configuration);
    case 'postEnd':
      return postEndView(value as PostEnd, configuration);
    default:
      return value;
  }
}

function namedHolder(id: SwitchboardIntegrationId, configuration: AppConfiguration): object {
  const holder = holderView(configuration, id);
  return holder === null ? { id } : { id, name: holder.name };
}

function endView(end: EndFacts, configuration: AppConfiguration): object {
  const { endedBy, reason, requestedAt, controllerAtEnd, controllerKindAtEnd, postEndSkipped } = end;
  return {
    endedBy,
    reason,
    requestedAt: isoTime(requestedAt),
    holder: controllerAtEnd && namedHolder(controllerAtEnd, configuration),
    holderKind: controllerKindAtEnd,
    postEndSkipped,
  };
}

function postEndView(postEnd: PostEnd, configuration: AppConfiguration): object {
  const { integrationId, startedAt, deadline, finishedAt, forced } = postEnd;
  return {
    holder: namedHolder(integrationId, configuration),
    startedAt: isoTime(startedAt),
    deadline: deadline === null ? null : isoTime(deadline),
    finishedAt: finishedAt === null ? null : isoTime(finishedAt),
    forced,
  };
}
