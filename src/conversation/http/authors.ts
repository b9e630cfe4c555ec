import type { Metadata } from '../../kernel/index.js';
import type { UserSnapshot } from '../recorded.js';
import type { MessageDraft } from '../commands/request.js';
import { storedContent } from './contents.js';
import type { FormResponse, PostedContent } from './posted-content.js';

/** Where a message came from: posted with a key, or written by the end user in the web widget. */
export type Origin = 'api:conversations' | 'web';

/** The part of a body that becomes the message. */
interface Written {
  readonly author: { readonly subtypes?: string[]; readonly displayName?: string; readonly avatarUrl?: string };
  readonly content: PostedContent | FormResponse;
  readonly metadata?: Metadata | null | undefined;
}

export function businessDraft({ author, content, metadata }: Written): MessageDraft {
  return {
    author: businessAuthor(author),
    content: storedContent(content),
    source: { type: 'api:conversations' },
    metadata: metadata ?? null,
  };
}

export const businessAuthor = ({ subtypes, displayName, avatarUrl }: Written['author']): MessageDraft['author'] => ({
  type: 'business',
  ...(subtypes !== undefined && { subtypes }),
  ...(displayName !== undefined && { displayName }),
  ...(avatarUrl !== undefined && { avatarUrl }),
});

/** A user shows as their profile says, unless the caller names them otherwise. */
export function userDraft(
  { author, content, metadata }: Omit<Written, 'author'> & Partial<Pick<Written, 'author'>>,
  user: UserSnapshot,
  origin: Origin = 'api:conversations',
): MessageDraft {
  const displayName = author?.displayName ?? nameOf(user);
  const avatarUrl = author?.avatarUrl ?? textOf(user.profile['avatarUrl']);
  return {
    author: {
      type: 'user',
      userId: user.id,
      ...(displayName !== null && { displayName }),
      ...(avatarUrl !== null && { avatarUrl }),
    },
    content: storedContent(content),
    source: { type: origin },
    metadata: metadata ?? null,
  };
}

function nameOf({ profile }: UserSnapshot): string | null {
  const names = [textOf(profile['givenName']), textOf(profile['surname'])].filter((name) => name !== null);
  return names.length === 0 ? null : names.join(' ');
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
