import { expect, it } from '@jest/globals';
import { channelView, patchedChannel } from './channel-settings.js';

it('keeps what a type has, drops what it has not, and takes away what is null', () => {
  const made = patchedChannel(
    'web',
    {},
    { brandColor: 'fff', buttonIconUrl: 'https://example.org/i.png', production: true },
  );
  expect(made).toEqual({ brandColor: 'fff', buttonIconUrl: 'https://example.org/i.png' });
  const patched = patchedChannel('web', made, { buttonIconUrl: null, brandColor: undefined, displayStyle: 'tab' });
  expect(patched).toEqual({ brandColor: 'fff', displayStyle: 'tab' });
  expect(patchedChannel('ios', {}, { production: true, brandColor: 'fff' })).toEqual({ production: true });
  expect(patchedChannel('android', {}, { senderId: 's', production: true })).toEqual({ senderId: 's' });
  expect(patchedChannel('custom', {}, { brandColor: 'fff' })).toEqual({});
});

it('tells the documented defaults where nothing else was said', () => {
  expect(channelView('web', { brandColor: 'fff' })).toMatchObject({
    brandColor: 'fff',
    conversationColor: '0099ff',
    displayStyle: 'button',
    showAIDisclaimer: true,
  });
  expect(channelView('ios', {})).toEqual({ showAIDisclaimer: true, canUserSeeConversationList: true });
  expect(channelView('whatsapp', {})).toEqual({});
});
