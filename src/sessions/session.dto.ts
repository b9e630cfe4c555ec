import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsString } from 'class-validator';
import { Holds, Length, MaxLength, MayBeAbsent, MayBeNull, SaysSomething } from '../platform/http/index.js';

export class StartSessionDto {
  @IsString() @Length(24, 24) conversationId!: string;
  /** The message that begins it. */
  @IsString() @Length(1, 4096) @SaysSomething() text!: string;
}

export class EndSessionDto {
  /** `row`: from the menu of one row of a list; `window`, the usual one, from the conversation itself. */
  @MayBeAbsent() @IsIn(['window', 'row']) from?: 'window' | 'row';
  /** A partner system says for whom it acts; absent, for itself (T31). */
  @MayBeAbsent() @IsIn(['end_user']) actingFor?: 'end_user';
  /** `error`: it could not go on (T35). */
  @MayBeAbsent() @IsIn(['automation', 'error']) reason?: 'automation' | 'error';
}

export class EndManyDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(24, 24, { each: true })
  sessionIds!: string[];
}

export class WorkItemDto {
  @IsString() @Length(24, 24) workItemId!: string;
}

/** To one agent, or to a queue and to who has certain skills in it. */
export class TransferDto {
  @MayBeAbsent()
  @IsString()
  @Length(24, 24)
  @Holds<TransferDto>(
    'oneDestination',
    ({ agentId, queueId, skills }) => (agentId === undefined) !== (queueId === undefined && skills === undefined),
    'name an agent, or a queue or skills',
  )
  agentId?: string;
  @MayBeAbsent() @IsString() @Length(24, 24) queueId?: string;
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  skills?: string[];
}

export class AssignDto {
  @IsString() @Length(24, 24) agentId!: string;
}

export class ObserveDto {
  /** `false`: the observer goes. */
  @IsBoolean() present!: boolean;
  /** Who observes, when a key asks for them; a supervisor's own token needs none. */
  @MayBeAbsent() @IsString() @Length(24, 24) agentId?: string;
}

export class TicketDto {
  @IsString() @Length(1, 128) id!: string;
  @IsIn(['new', 'open', 'pending', 'hold', 'solved', 'closed'])
  status!: 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed';
}

export class AgentMessageDto {
  @IsString() @Length(1, 4096) @SaysSomething() text!: string;
  /** Shown to the end user; absent, the agent's own name. */
  @MayBeNull() @IsString() @MaxLength(255) displayName?: string | null;
}
