import { describe, expect, it } from '@jest/globals';
import type { MessageBody } from '../recorded.js';
import { clientMessage } from './client.views.js';

const SECRET = 'for the business alone';

/** With more beside the words than any field that end users see. */
const message = (id: string, quoted?: MessageBody): MessageBody =>
  ({
    id,
    received: '2026-01-01T00:00:00.000Z',
    author: { type: 'business', displayName: 'Rita', agentId: SECRET, user: { metadata: { note: SECRET } } },
    content: { type: 'text', text: id, actions: [{ type: 'reply', metadata: { note: SECRET } }] },
    source: { type: 'api:conversations', integrationId: SECRET },
    metadata: { note: SECRET },
    secretly: SECRET,
    ...(quoted && { quotedMessage: { type: 'message', message: quoted } }),
  }) as unknown as MessageBody;

const seen = (id: string): object => ({
  id,
  received: '2026-01-01T00:00:00.000Z',
  author: { type: 'business', displayName: 'Rita' },
  content: { type: 'text', text: id, actions: [{ type: 'reply' }] },
  source: { type: 'api:conversations' },
});

describe('a message that an end user sees', () => {
  it('has the same few fields however deep it is quoted', () => {
    const view = clientMessage(message('one', message('two', message('three'))), { metadataToEndUsers: false });
    expect(view).toEqual({
      ...seen('one'),
      quotedMessage: {
        type: 'message',
        message: { ...seen('two'), quotedMessage: { type: 'message', message: seen('three') } },
      },
    });
  });

  it('shows metadata where the app says so, and nothing else that is not theirs', () => {
    const view = clientMessage(message('one', message('two')), { metadataToEndUsers: true });
    const { message: quoted } = view.quotedMessage!;
    expect([view.metadata, quoted.metadata]).toEqual([{ note: SECRET }, { note: SECRET }]);
    for (const { author, source } of [view, quoted]) {
      expect(author).toEqual({ type: 'business', displayName: 'Rita' });
      expect(source).toEqual({ type: 'api:conversations' });
    }
    expect(quoted).not.toHaveProperty('secretly');
  });

  it('says of a quoted one that it was deleted', () => {
    const gone = { ...message('two'), deleted: true } as MessageBody;
    const view = clientMessage(message('one', gone), { metadataToEndUsers: false });
    expect(view.quotedMessage?.message.deleted).toBe(true);
  });
});
