import { describe, expect, it } from '@jest/globals';
import { decidingSettings } from '../configuration/index.js';
import { capabilitiesOf, usualChannel, type Channel, type ChannelKind } from '../conversation/core/index.js';
import type { ChannelId } from '../kernel/index.js';
import { widgetConfig } from './widget-config.js';

const channel = (kind: ChannelKind): Channel => ({
  ...usualChannel,
  id: kind as string as ChannelId,
  kind,
  can: capabilitiesOf(kind, 'enhanced'),
});
const kinds = ['web_widget', 'in_app', 'byoc', 'whatsapp', 'apple', 'line', 'facebook', 'sms'] as const;
const channels = new Map(kinds.map((kind) => [kind as string as ChannelId, channel(kind)]));

const setup = (endSessionEnabled: boolean, defaultChannel: Channel = usualChannel) => ({
  settings: decidingSettings({ multiConvoEnabled: true, disableConversationReopen: true, endSessionEnabled }),
  defaultChannel,
  channels,
});
const social = ['whatsapp', 'apple', 'line', 'facebook', 'sms'].map((kind) => ({ channelId: kind, kind }));

describe("the widget's configuration", () => {
  it('E-6 lists no other channels while end users can end sessions, and lists them again when not', () => {
    expect(widgetConfig(setup(false)).continueIn).toEqual(social);
    expect(widgetConfig(setup(true)).continueIn).toEqual([]);
    expect(widgetConfig(setup(false)).continueIn).toEqual(social);
  });

  it('E-17 with the setting on the button is there and other channels are not; off, the other way round', () => {
    expect(widgetConfig(setup(true))).toEqual({
      multiConvoEnabled: true,
      endSession: {
        placement: 'header',
        states: ['ACTIVE', 'WAITING', 'INACTIVE'],
        confirmation: { placement: 'bottom', required: true },
      },
      continueIn: [],
    });
    expect(widgetConfig(setup(false))).toEqual({ multiConvoEnabled: true, endSession: null, continueIn: social });
  });

  it('a widget whose channel lets nobody end shows no button, and goes on elsewhere as before', () => {
    const config = widgetConfig(setup(true, channel('in_app')));
    expect(config).toEqual({ multiConvoEnabled: true, endSession: null, continueIn: social });
  });
});
