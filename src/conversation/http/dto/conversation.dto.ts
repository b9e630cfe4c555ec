import { Type } from 'class-transformer';
import { ArrayMaxSize, Equals, IsArray, IsBoolean, IsIn, IsObject, IsString } from 'class-validator';
import { ValidateNested } from 'class-validator';
import {
  Holds,
  IsMetadata,
  IsMetadataPatch,
  IsWebAddress,
  Length,
  MayBeAbsent,
  MayBeNull,
} from '../../../platform/http/index.js';
import { AuthorDto } from './message.dto.js';

/** An end user, named by exactly one of the two ids. */
class ParticipantDto {
  @MayBeAbsent() @IsString() userId?: string;
  @MayBeAbsent() @IsString() userExternalId?: string;
  @MayBeAbsent() @IsBoolean() subscribeSDKClient?: boolean;
}

/** Whoever joins a group. */
export class JoinConversationDto {
  @MayBeAbsent() @IsString() userId?: string;
  @MayBeAbsent() @IsString() userExternalId?: string;
  /** Required of whoever takes part in a group. Without effect: no clients are linked so far. */
  @IsBoolean() subscribeSDKClient!: boolean;
}

/** Whoever leaves a group, named as a user or as a participant. */
export class LeaveConversationDto {
  @MayBeAbsent() @IsString() userId?: string;
  @MayBeAbsent() @IsString() userExternalId?: string;
  @MayBeAbsent() @IsString() participantId?: string;
}

class NamedDto {
  @MayBeNull() @IsString() @Length(1, 100) displayName?: string | null;
  @MayBeNull() @IsString() @Length(1, 100) description?: string | null;
  @MayBeNull() @IsWebAddress() iconUrl?: string | null;
}

export class CreateConversationDto extends NamedDto {
  @IsIn(['personal', 'sdkGroup'])
  @Holds<CreateConversationDto>(
    'hasItsUser',
    ({ type, participants }) => type !== 'personal' || !Array.isArray(participants) || participants.length === 1,
    'a personal conversation should have exactly one participant',
  )
  @Holds<CreateConversationDto>(
    'hasParticipants',
    ({ type, participants }) => type !== 'personal' || participants !== undefined,
    "should have required property 'participants'",
  )
  type!: 'personal' | 'sdkGroup';
  /** The service channel its sessions belong to; absent, the app's usual one. Ours. */
  @MayBeAbsent() @IsString() @Length(24, 24) serviceChannelId?: string;
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(10)
  @Holds<CreateConversationDto>(
    'namedOnce',
    ({ participants }) =>
      !Array.isArray(participants) ||
      participants.every((one) => (one?.userId === undefined) !== (one?.userExternalId === undefined)),
    'a participant should have exactly one of userId and userExternalId',
  )
  @Holds<CreateConversationDto>(
    'subscribed',
    ({ type, participants }) =>
      type !== 'sdkGroup' ||
      !Array.isArray(participants) ||
      participants.every((one) => (one?.subscribeSDKClient ?? null) !== null),
    "participants of a group should have required property 'subscribeSDKClient'",
  )
  @ValidateNested({ each: true })
  @Type(() => ParticipantDto)
  participants?: ParticipantDto[];
  @MayBeNull() @IsMetadata() metadata?: Record<string, string | number | boolean> | null;
}

export class UpdateConversationDto extends NamedDto {
  @MayBeNull() @IsMetadataPatch() metadata?: Record<string, string | number | boolean | null> | null;
}

/** What an end user may say about a conversation they open. */
export class ClientConversationDto {
  @MayBeAbsent() @Equals('personal') type?: 'personal';
  @MayBeNull() @IsMetadata() metadata?: Record<string, string | number | boolean> | null;
}

export class ConsentDto {
  @IsBoolean() granted!: boolean;
}

export class EndConversationDto {
  /** The end user confirmed in the dialogue (E-19); checked apart, because its absence is a 422. */
  @MayBeAbsent() @IsBoolean() confirmed?: boolean;
}

export class ActivityDto {
  @IsObject() @ValidateNested() @Type(() => AuthorDto) author!: AuthorDto;
  @IsIn(['conversation:read', 'typing:start', 'typing:stop'])
  @Holds<ActivityDto>(
    'usersRead',
    ({ author, type }) => author?.type !== 'user' || type === 'conversation:read',
    'an author of type user may only send conversation:read',
  )
  type!: 'conversation:read' | 'typing:start' | 'typing:stop';
}
