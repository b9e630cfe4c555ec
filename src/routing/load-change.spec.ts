import { describe, expect, it } from '@jest/globals';
import { placesOf, type LoadEvent } from './load-change.js';

const event = (type: string, conversationId: string, seq: number, data: object = {}) =>
  ({ type: `switchboard.v1.${type}`, data: { appId: 'app', conversationId, seq, ...data } }) as unknown as LoadEvent;

describe('what a batch of events tells about loads', () => {
  it('keeps the latest fact of each kind, whatever order they come in', () => {
    const events = [
      event('session.started', 'b', 3),
      event('control.passed', 'a', 9, { to: 'desk' }),
      event('control.assigned', 'a', 2, { to: 'bot' }),
      event('session.ended', 'b', 8),
      event('control.offered', 'c', 1, { to: 'desk' }),
    ];
    const places = [
      { appId: 'app', conversationId: 'a', holder: 'desk', holderSeq: 9, open: false, openSeq: 0 },
      { appId: 'app', conversationId: 'b', holder: null, holderSeq: 0, open: false, openSeq: 8 },
    ];
    expect(placesOf(events)).toEqual(places);
    expect(placesOf([...events].toReversed())).toEqual(places);
  });
});
