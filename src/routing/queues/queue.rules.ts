import type { AppConfiguration } from '../../configuration/index.js';
import type { Overflow, Queue, QueueHours } from '../../conversation/core/index.js';
import { Failure, type QueueId } from '../../kernel/index.js';

/** They are read with every configuration of the app. */
export const MOST_QUEUES = 200;

/** How a body says where sessions overflow to. */
export interface OverflowWish {
  readonly to: Overflow['to'];
  readonly queueId?: string;
  /** Of a switchboard integration. */
  readonly name?: string;
}

/** @throws Failure `unprocessable` for what is named needlessly, or not named, or is not there */
export function overflowOf({ to, queueId, name }: OverflowWish, { queues, switchboard }: AppConfiguration): Overflow {
  if ((to === 'queue') !== (queueId !== undefined))
    throw refused('overflow.queueId is given with to: queue, and only then');
  if ((to === 'bot') !== (name !== undefined)) throw refused('overflow.name is given with to: bot, and only then');
  if (to === 'queue') {
    const queue = queues.find(({ id }) => id === queueId);
    if (!queue) throw refused('overflow.queueId: the app has no such queue');
    return { to, queueId: queue.id };
  }
  if (to !== 'bot') return { to };
  const bot = switchboard?.integrations.find((one) => one.name === name && one.kind === 'bot');
  if (!bot) throw refused('overflow.name: the switchboard has no bot of that name');
  return { to, name: bot.name };
}

/** What must hold of a queue beside the others; it may be new or changed. */
export function refuseQueue(queue: Queue, { queues }: AppConfiguration): void {
  const others = queues.filter(({ id }) => id !== queue.id);
  if (others.some(({ name }) => name === queue.name))
    throw new Failure('conflict', `There is a queue named '${queue.name}' already`);
  if (queue.hours !== null) refuseHours(queue.hours);
  if (overflowsBack(queue, others)) throw refused('overflow: sessions would go round in a circle');
}

/** @throws Failure `conflict`: sessions, channels or other queues would lose their way */
export function refuseNeededQueue(id: QueueId, { queues, channels }: AppConfiguration): void {
  const from = queues.find(({ overflow }) => overflow.to === 'queue' && overflow.queueId === id);
  if (from) throw new Failure('conflict', `The queue '${from.name}' overflows into this one`);
  if ([...channels.values()].some(({ queueId }) => queueId === id))
    throw new Failure('conflict', 'A service channel puts its sessions into this queue');
}

export function refused(title: string): Failure {
  return new Failure('unprocessable', title);
}

export function queueNotFound(): Failure {
  return new Failure('queue_not_found', 'Queue not found');
}

function refuseHours({ timeZone, open }: QueueHours): void {
  if (!isTimeZone(timeZone)) throw refused('hours.timeZone: no such time zone; use a name such as Europe/Berlin');
  if (open.some(({ from, to }) => from >= to))
    throw refused('hours.open: each ends on the day it begins; say a night in two parts');
}

function isTimeZone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return /^[A-Za-z]/.test(timeZone);
  } catch {
    return false;
  }
}

function overflowsBack(queue: Queue, others: readonly Queue[]): boolean {
  let next: Queue | undefined = queue;
  for (const _ of [queue, ...others]) {
    const rule: Overflow | undefined = next?.overflow;
    if (rule?.to !== 'queue') return false;
    if (rule.queueId === queue.id) return true;
    next = others.find(({ id }) => id === rule.queueId);
  }
  return false;
}
