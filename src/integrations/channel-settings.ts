import { isOwnChannel, type OwnChannel } from '../configuration/index.js';

/** What end users see of a channel of our own: a widget reads it. Stored and told under the names of the wire. */
export type ChannelSettings = Readonly<Record<string, unknown>>;

const ALL: ChannelSettings = { showAIDisclaimer: true, canUserSeeConversationList: true };

const WEB: ChannelSettings = {
  ...ALL,
  brandColor: '65758e',
  fixedIntroPane: false,
  conversationColor: '0099ff',
  actionColor: '0099ff',
  displayStyle: 'button',
  buttonWidth: '58',
  buttonHeight: '58',
};

const OF_ALL = [...Object.keys(ALL), 'canUserCreateMoreConversations'];

/** The defaults of each type, as documented, and the settings it has; other types have none. */
const TYPES: Readonly<Record<OwnChannel, { readonly defaults: ChannelSettings; readonly names: ReadonlySet<string> }>> =
  {
    web: {
      defaults: WEB,
      names: new Set([
        ...OF_ALL,
        ...Object.keys(WEB),
        'buttonIconUrl',
        'integrationOrder',
        'businessName',
        'businessIconUrl',
        'backgroundImageUrl',
        'originWhitelist',
        'prechatCapture',
      ]),
    },
    ios: { defaults: ALL, names: new Set([...OF_ALL, 'production', 'autoUpdateBadge']) },
    android: { defaults: ALL, names: new Set([...OF_ALL, 'senderId']) },
  };

const typeOf = (type: string) => (isOwnChannel(type) ? TYPES[type] : undefined);

/** Settings with a patch merged in; `null` goes back to the default. What the type does not have is a field nobody knows there, and dropped (ADR 0012). */
export function patchedChannel(type: string, stored: ChannelSettings, patch: object): ChannelSettings {
  const names = typeOf(type)?.names;
  const named = Object.entries<unknown>(patch as ChannelSettings).filter(
    ([name, value]) => value !== undefined && names?.has(name),
  );
  return Object.fromEntries(
    Object.entries({ ...stored, ...Object.fromEntries(named) }).filter(([, value]) => value !== null),
  );
}

/** What holds: the stored ones, over the type's defaults. */
export const channelView = (type: string, stored: ChannelSettings): ChannelSettings => ({
  ...typeOf(type)?.defaults,
  ...stored,
});
