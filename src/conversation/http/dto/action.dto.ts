import { Equals, IsBoolean, IsIn, IsInt, IsObject, IsString, Length, MaxLength } from 'class-validator';
import { IsMetadata, MayBeAbsent, MayBeNull } from '../../../platform/http/index.js';

abstract class ActionDto {
  @IsString() @Length(1, 128) text!: string;
  @MayBeNull() @IsMetadata() metadata?: Record<string, string | number | boolean> | null;
}

class BuyDto extends ActionDto {
  @Equals('buy') type!: 'buy';
  /** In cents. */
  @IsInt() amount!: number;
  @MayBeAbsent() @IsString() @Length(3, 3) currency?: string;
}

class LinkDto extends ActionDto {
  @Equals('link') type!: 'link';
  @IsString() @Length(1, 2048) uri!: string;
  @MayBeAbsent() @IsBoolean() default?: boolean;
  @MayBeAbsent() @IsObject() extraChannelOptions?: object;
}

class LocationRequestDto extends ActionDto {
  @Equals('locationRequest') type!: 'locationRequest';
}

class PostbackDto extends ActionDto {
  @Equals('postback') type!: 'postback';
  @IsString() @MaxLength(1000) payload!: string;
}

class ReplyDto extends ActionDto {
  @Equals('reply') type!: 'reply';
  @IsString() @MaxLength(1000) payload!: string;
  @MayBeAbsent() @IsString() @MaxLength(2048) iconUrl?: string;
}

class WebviewDto extends ActionDto {
  @Equals('webview') type!: 'webview';
  @IsString() @Length(1, 2048) uri!: string;
  @IsString() @Length(1, 2048) fallback!: string;
  @MayBeAbsent() @IsIn(['compact', 'tall', 'full']) size?: string;
  @MayBeAbsent() @IsBoolean() openOnReceive?: boolean;
  @MayBeAbsent() @IsBoolean() default?: boolean;
  @MayBeAbsent() @IsObject() extraChannelOptions?: object;
}

/** What an action of no known type is checked against, so that the answer names the types. */
export class UnknownActionDto {
  @IsIn(['buy', 'link', 'locationRequest', 'postback', 'reply', 'webview']) type!: string;
}

/** What an action inside items and lists is checked against when its type is not allowed there (`sunco.md` 7). */
export class UnknownItemActionDto {
  @IsIn(['buy', 'link', 'postback', 'webview']) type!: string;
}

const inItems = [
  { name: 'buy', value: BuyDto },
  { name: 'link', value: LinkDto },
  { name: 'postback', value: PostbackDto },
  { name: 'webview', value: WebviewDto },
];

/** Which class an action is, by its `type`. */
export const actionTypes = {
  keepDiscriminatorProperty: true,
  discriminator: {
    property: 'type',
    subTypes: [...inItems, { name: 'locationRequest', value: LocationRequestDto }, { name: 'reply', value: ReplyDto }],
  },
};

export const itemActionTypes = {
  keepDiscriminatorProperty: true,
  discriminator: { property: 'type', subTypes: inItems },
};
