import { Type } from 'class-transformer';
import { Equals, IsBoolean, IsIn, IsInt, IsObject, IsString, Matches } from 'class-validator';
import { buildMessage, ValidateBy, ValidateNested } from 'class-validator';
import { IsMetadata, MayBeAbsent, MayBeNull } from '../../../platform/http/index.js';

/** The wire sets no limit to what buttons say, carry and open: the body's own limit is theirs. */
abstract class ActionDto {
  @IsString() text!: string;
  @MayBeNull() @IsMetadata() metadata?: Record<string, string | number | boolean> | null;
}

class BuyDto extends ActionDto {
  @Equals('buy') type!: 'buy';
  /** In cents. */
  @IsInt() amount!: number;
  /** ISO 4217; kept in lower case. */
  @MayBeAbsent() @IsString() @Matches(/^[a-z]{3}$/i) currency?: string;
}

class MessengerOptionsDto {
  @MayBeAbsent() @IsBoolean() messenger_extensions?: boolean;
  @MayBeAbsent() @IsIn(['hide']) webview_share_button?: 'hide';
}

class ExtraChannelOptionsDto {
  @MayBeAbsent() @IsObject() @ValidateNested() @Type(() => MessengerOptionsDto) messenger?: MessengerOptionsDto;
}

class LinkDto extends ActionDto {
  @Equals('link') type!: 'link';
  @RunsNothing() uri!: string;
  @MayBeAbsent() @IsBoolean() default?: boolean;
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ExtraChannelOptionsDto)
  extraChannelOptions?: ExtraChannelOptionsDto;
}

class LocationRequestDto extends ActionDto {
  @Equals('locationRequest') type!: 'locationRequest';
}

class PostbackDto extends ActionDto {
  @Equals('postback') type!: 'postback';
  @IsString() payload!: string;
}

class ReplyDto extends ActionDto {
  @Equals('reply') type!: 'reply';
  @IsString() payload!: string;
  @MayBeAbsent() @IsString() iconUrl?: string;
}

class WebviewDto extends ActionDto {
  @Equals('webview') type!: 'webview';
  @RunsNothing() uri!: string;
  @RunsNothing() fallback!: string;
  @MayBeAbsent() @IsIn(['compact', 'tall', 'full']) size?: string;
  @MayBeAbsent() @IsBoolean() openOnReceive?: boolean;
  @MayBeAbsent() @IsBoolean() default?: boolean;
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ExtraChannelOptionsDto)
  extraChannelOptions?: ExtraChannelOptionsDto;
}

/** Any button, by its `type`. */
export type ActionBody = BuyDto | LinkDto | LocationRequestDto | PostbackDto | ReplyDto | WebviewDto;

/** What an action of no known type is checked against, so that the answer names the types. */
export class UnknownActionDto {
  @IsIn(['buy', 'link', 'locationRequest', 'postback', 'reply', 'webview']) type!: string;
}

/** What an action inside items and lists is checked against when its type is not allowed there (`docs/wire.md` 7). */
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

/** How many of these open a web view by themselves; a message may have one. Reads bodies that nobody has checked. */
export const openingByThemselves = (...lists: readonly unknown[]): number =>
  lists
    .flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []))
    .filter((action) => (action as WebviewDto | null)?.openOnReceive === true).length;

export const ONE_OPENS = 'only one action of a message should have openOnReceive';

/**
 * An address of any kind, also of an app (`tel:`, `myapp:`), but none that a browser would run in the page that shows the
 * button: end users write messages with buttons too, and agents press them.
 */
function RunsNothing(): PropertyDecorator {
  return (target, key) => {
    IsString()(target, key);
    ValidateBy({
      name: 'runsNothing',
      validator: {
        validate: (value) => typeof value === 'string' && !RUNS.test(asBrowsersRead(value)),
        defaultMessage: buildMessage(
          (each) => `${each}$property must not be a javascript:, vbscript: or data: address`,
        ),
      },
    })(target, key);
  };
}

const RUNS = /^(?:javascript|vbscript|data):/iu;

/** Browsers pass over control characters and blanks before an address, and over tabs and line breaks inside it. */
const asBrowsersRead = (address: string): string => address.replace(/[\t\n\r]/gu, '').replace(/^[\p{Cc} ]+/u, '');
