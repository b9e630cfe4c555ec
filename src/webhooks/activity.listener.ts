import { Injectable } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { READ, TYPING, type ActivitySignal } from '../conversation/index.js';
import { WebhookEngine } from './engine.js';

/** Typing and reads, from the process that heard of them. */
@Injectable()
export class ActivityListener {
  constructor(private readonly engine: WebhookEngine) {}

  @OnEvent(TYPING)
  @OnEvent(READ)
  async tell(signal: ActivitySignal): Promise<void> {
    await this.engine.fleeting.tell(signal);
  }
}
