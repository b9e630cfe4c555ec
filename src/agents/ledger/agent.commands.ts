import { Injectable } from '@nestjs/common';
import type { AgentId, AppId, WorkItemId } from '../../kernel/index.js';
import type { IdempotencyKey } from '../../ledger/index.js';
import { AgentLedger } from './agent-ledger.js';
import type { AgentAnswer, AgentRequest, GivenCommand } from './agent.request.js';
import { OF_THE_PLATFORM, standingOf } from './standing.js';

/** Which agent a command is for, who gives it, and under which key it may be repeated. */
export interface AgentErrand {
  readonly appId: AppId;
  readonly agentId: AgentId;
  /** A key or another agent; `undefined`: the agent themselves. */
  readonly caller?: string;
  readonly idempotency: IdempotencyKey | null;
}

/**
 * Every way to change an agent but for its profile. Answers once the change is committed; a refusal by the core is in
 * the answer, a missing agent rejects with `Failure('agent_not_found')`.
 */
@Injectable()
export class AgentCommands {
  constructor(private readonly ledger: AgentLedger) {}

  run(
    errand: AgentErrand,
    command: Exclude<GivenCommand, { type: 'closeWorkItem' | 'saveNotes' }>,
  ): Promise<AgentAnswer> {
    return this.ledger.submit(request(errand, command));
  }

  /** A connection was not heard of; holds only if it was not heard of since either. */
  silent(errand: AgentErrand, connection: string): Promise<AgentAnswer> {
    const command = { type: 'loseConnection', connection } as const;
    return this.ledger.submit({ ...request(errand, command), ...OF_THE_PLATFORM, onSilence: true });
  }

  /** Saves what is unsaved, or `text` instead of it, and closes; both or neither (L-5). */
  close(errand: AgentErrand, workItemId: WorkItemId, text: string | null): Promise<AgentAnswer> {
    const notes = { workItemId, text, draft: false };
    return this.ledger.submit({ ...request(errand, { type: 'closeWorkItem', workItemId }), notes });
  }

  /** `text` of `null` saves what is unsaved; a draft stays unsaved. */
  save(errand: AgentErrand, workItemId: WorkItemId, text: string | null, draft = false): Promise<AgentAnswer> {
    const notes = { workItemId, text, draft };
    return this.ledger.submit({ ...request(errand, { type: 'saveNotes', workItemId }), notes });
  }
}

/** About what the agent's row, its work and its announcements take. */
const ROW_BYTES = 4_000;

const request = ({ appId, agentId, caller, idempotency }: AgentErrand, command: GivenCommand): AgentRequest => ({
  conversationId: agentId,
  appId,
  ...standingOf(caller ?? agentId, command),
  bytes: ROW_BYTES,
  idempotency,
  command,
  notes: null,
  onSilence: false,
});
