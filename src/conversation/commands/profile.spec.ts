import { describe, expect, it } from '@jest/globals';
import type { MessageId } from '../../kernel/index.js';
import type { ConversationProfile, MessageBody, Recorded } from '../recorded.js';
import { changedProfile } from './profile.js';
import type { ConversationRequest } from './request.js';

const BEFORE = '2026-03-01T10:00:00.000Z';
const NOW = Date.parse('2026-03-01T11:00:00Z');
const profile = { lastUpdatedAt: BEFORE, businessLastRead: null } as ConversationProfile;

const lastUpdatedAt = (event: object, messages: readonly string[]): string =>
  changedProfile(
    profile,
    {} as ConversationRequest,
    {
      recorded: [{ event } as Recorded],
      messages: new Map(messages.map((id) => [id as MessageId, {} as MessageBody])),
    },
    NOW,
  ).lastUpdatedAt;

describe('lastUpdatedAt', () => {
  it.each(['messageSent', 'sessionReminded', 'holderFailed', 'endNoteWritten', 'surveyPosted'])(
    'is the time of a message that %s wrote',
    (type) => {
      expect(lastUpdatedAt({ type }, ['m1'])).toBe('2026-03-01T11:00:00.000Z');
    },
  );

  it.each(['surveyPosted', 'sessionReminded', 'holderFailed', 'controlPassed'])(
    'stays when %s wrote no message',
    (type) => {
      expect(lastUpdatedAt({ type }, [])).toBe(BEFORE);
    },
  );
});
