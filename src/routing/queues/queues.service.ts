import { Injectable } from '@nestjs/common';
import { ConfigurationChange, type AppConfiguration, type Asked } from '../../configuration/index.js';
import type { Queue, QueueHours, QueueOrder } from '../../conversation/core/index.js';
import { Failure, parseId, type AppId, type QueueId } from '../../kernel/index.js';
import type { Slice } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import {
  MOST_QUEUES,
  overflowOf,
  queueNotFound,
  refuseNeededQueue,
  refuseQueue,
  type OverflowWish,
} from './queue.rules.js';
import { QueuesStore } from './queues.store.js';

export interface QueuePatch {
  readonly name?: string;
  readonly teams?: readonly string[];
  readonly skills?: readonly string[];
  readonly order?: readonly QueueOrder[];
  readonly weight?: number | null;
  readonly pushTimeoutSeconds?: number | null;
  readonly autoAccept?: boolean;
  readonly waitSeconds?: number | null;
  readonly mostWaiting?: number | null;
  readonly hours?: QueueHours | null;
  readonly overflow?: OverflowWish;
  readonly checkOnReturn?: boolean;
  readonly takesTransfers?: boolean;
}

const usual: Omit<Queue, 'id' | 'name'> = {
  teams: [],
  skills: [],
  order: ['mostAvailable'],
  weight: null,
  pushTimeoutSeconds: null,
  autoAccept: false,
  waitSeconds: null,
  mostWaiting: null,
  hours: null,
  overflow: { to: 'none' },
  checkOnReturn: false,
  takesTransfers: true,
};

/** Queues: where sessions wait, who is asked first, and what happens when nobody comes. */
@Injectable()
export class QueuesService {
  constructor(
    private readonly queues: QueuesStore,
    private readonly change: ConfigurationChange,
  ) {}

  create(appId: AppId, wish: QueuePatch & { readonly name: string }, asked: Asked): Promise<Queue> {
    return this.change.run(appId, asked, { action: 'queue.create' }, async (tx, before) => {
      if (before.queues.length >= MOST_QUEUES)
        throw new Failure('conflict', `The app has the most queues it can have (${MOST_QUEUES})`);
      const queue = patched({ ...usual, id: newId<QueueId>(), name: wish.name }, wish, before);
      await this.queues.insert(tx, appId, queue);
      return { answer: queue, subject: queue.id, before: null, after: queue };
    });
  }

  page(appId: AppId, slice: Slice): Promise<Queue[]> {
    return this.queues.page(appId, slice);
  }

  async get(appId: AppId, id: string): Promise<Queue> {
    const parsed = parseId<QueueId>(id);
    const queue = parsed && (await this.queues.find(appId, parsed));
    if (!queue) throw queueNotFound();
    return queue;
  }

  patch(appId: AppId, id: string, wish: QueuePatch, asked: Asked): Promise<Queue> {
    return this.change.run(appId, asked, { action: 'queue.update' }, async (tx, before) => {
      const known = named(id, before);
      const queue = patched(known, wish, before);
      await this.queues.update(tx, appId, queue);
      return { answer: queue, subject: queue.id, before: known, after: queue };
    });
  }

  /** @throws Failure `conflict` while channels, queues or waiting sessions need it */
  async remove(appId: AppId, id: string, asked: Asked): Promise<void> {
    await this.change.run(appId, asked, { action: 'queue.delete' }, async (tx, before) => {
      const queue = named(id, before);
      refuseNeededQueue(queue.id, before);
      if (await this.queues.isWaitedIn(tx, appId, queue.id))
        throw new Failure('conflict', 'Sessions wait in this queue; transfer or end them first');
      await this.queues.remove(tx, appId, queue.id);
      return { answer: null, subject: queue.id, before: queue, after: null };
    });
  }
}

function named(id: string, { queues }: AppConfiguration): Queue {
  const queue = queues.find((one) => one.id === id);
  if (!queue) throw queueNotFound();
  return queue;
}

function patched(queue: Queue, { overflow, ...wish }: QueuePatch, before: AppConfiguration): Queue {
  const next = { ...queue, ...wish, overflow: overflow ? overflowOf(overflow, before) : queue.overflow };
  refuseQueue(next, before);
  return next;
}
