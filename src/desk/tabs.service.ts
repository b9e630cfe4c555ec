import { Injectable } from '@nestjs/common';
import {
  AgentCommands,
  WorkItemsQuery,
  type AgentErrand,
  type Ticket,
  type WorkItem,
  type WorkItemView,
} from '../agents/index.js';
import { ConversationCommands, granted, type Actor, type Errand } from '../conversation/index.js';
import { Failure, parseId, type WorkItemId } from '../kernel/index.js';
import { permitted } from './refusals.js';

export type TabChoice = 'end' | 'inactivate';

/** Of two who are at the same tab one finds the session gone; then the tab is one of a session that is over. */
const TRIES = 3;

/** What an agent does with the tab of a session: closing it, its notes, its ticket. */
@Injectable()
export class TabsService {
  constructor(
    private readonly commands: AgentCommands,
    private readonly conversations: ConversationCommands,
    private readonly items: WorkItemsQuery,
  ) {}

  /**
   * Saves what is unsaved and closes (L-5); a session that lives is ended or set inactive first, as chosen (T22).
   * Closing again answers with what was closed.
   */
  async close(
    errand: AgentErrand,
    by: Actor,
    id: string,
    { choice, notes }: { readonly choice: TabChoice | null; readonly notes: string | null },
  ): Promise<WorkItemView> {
    const workItemId = workItemIdOf(id);
    for (let tries = 1; ; tries++) {
      const answer = await this.commands.close(errand, workItemId, notes);
      const live = answer.refusal?.reason === 'choiceRequired' && choice !== null;
      if (answer.refusal?.reason === 'workItemNotFound') return this.view(errand, workItemId);
      if (!live || tries === TRIES) {
        permitted(answer);
        break;
      }
      await this.commands.save(errand, workItemId, notes);
      const item = answer.agent.work.find((one) => one.id === workItemId);
      if (item && (await this.leave(errand, by, item, choice))) break;
    }
    return this.view(errand, workItemId);
  }

  async save(errand: AgentErrand, id: string, text: string, draft: boolean): Promise<WorkItemView> {
    const workItemId = workItemIdOf(id);
    const answer = await this.commands.save(errand, workItemId, text, draft);
    if (answer.refusal?.reason === 'workItemNotFound') {
      await this.view(errand, workItemId);
      throw new Failure('conflict', 'The tab is closed; its notes are final.');
    }
    permitted(answer);
    return this.view(errand, workItemId);
  }

  /** The session hears of it, and so do surveys; then the item, whose bucket it may free (`docs/rules.md` 3.6). */
  async setTicket(errand: AgentErrand, by: Actor, id: string, ticket: Ticket): Promise<WorkItemView> {
    const item = await this.view(errand, workItemIdOf(id));
    const to = errandTo(errand, by, item);
    const told = await this.conversations.runIn(to, item.sessionId, { type: 'setTicket', by, ticket });
    // Of a session that is over and done with only the item is left.
    if (!told.decision.ok && told.decision.refusal.reason === 'notOwner') granted(told);
    const workItemId = workItemIdOf(id);
    const answer = await this.commands.run(errand, { type: 'setTicket', workItemId, ticket });
    // Solved, it left the list; what was closed before has no capacity to free.
    if (answer.refusal?.reason !== 'workItemNotFound') permitted(answer);
    return this.view(errand, workItemId);
  }

  async afterWork(errand: AgentErrand, id: string, type: 'extendAfterWork' | 'finishAfterWork'): Promise<WorkItemView> {
    const workItemId = workItemIdOf(id);
    permitted(await this.commands.run(errand, { type, workItemId }));
    return this.view(errand, workItemId);
  }

  /** @throws Failure `work_item_not_found` */
  async view({ appId, agentId }: AgentErrand, workItemId: WorkItemId | null): Promise<WorkItemView> {
    const view = await this.items.find(appId, agentId, workItemId);
    if (view === null) throw new Failure('work_item_not_found', 'Work item not found');
    return view;
  }

  /** `false`: the session was over, or elsewhere, when its turn came. */
  private async leave(errand: AgentErrand, by: Actor, item: WorkItem, choice: TabChoice): Promise<boolean> {
    const command = { type: 'closeTab', by, workItemId: item.id, choice } as const;
    const answer = await this.conversations.runIn(errandTo(errand, by, item), item.sessionId, command);
    if (!answer.decision.ok && answer.decision.refusal.reason === 'noAgentHasIt') return false;
    granted(answer);
    return true;
  }
}

function workItemIdOf(id: string): WorkItemId {
  const workItemId = parseId<WorkItemId>(id);
  if (workItemId === null) throw new Failure('work_item_not_found', 'Work item not found');
  return workItemId;
}

const errandTo = ({ appId }: AgentErrand, by: Actor, { conversationId }: Pick<WorkItem, 'conversationId'>): Errand => ({
  appId,
  conversationId,
  by,
  idempotency: null,
});
