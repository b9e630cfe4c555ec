import { cut, isWithin } from '../../kernel/index.js';
import { InvalidInput, isVisible } from '../../platform/http/index.js';
import type { MessageDraft } from '../commands/request.js';
import { htmlOfMarkdown, plainText, safeHtml } from './formatted-text.js';
import { TEXT_LENGTH, type FormResponse, type PostedAction, type PostedContent } from './posted-content.js';
import type { PostedItem, PostedLocation, PostedMedia, PostedText } from './posted-content.js';

type Stored = MessageDraft['content'];

/**
 * What posted content becomes: Markdown is HTML, HTML is safe, and what the wire calls read-only is filled in, so that
 * whoever shows the message needs to trust nobody and to convert nothing.
 *
 * @throws InvalidInput for formatted text of which nothing is to be seen
 */
export function storedContent(content: PostedContent | FormResponse): Stored {
  switch (content.type) {
    case 'text':
      return requireVisible({ ...worded(content), ...pressable(content.actions) });
    case 'image':
    case 'file':
      return { ...worded(content), ...named(content), ...pressable(content.actions) };
    case 'carousel':
    case 'list':
      return {
        ...content,
        items: content.items.map(storedItem),
        ...pressable(content.actions),
        text: itemsInWords(content.items, content.actions ?? []),
      };
    case 'location':
      return { ...content, text: placeInWords(content) };
    case 'form':
      // It begins unanswered (`docs/wire.md` 7).
      return { ...content, submitted: false };
    default:
      return { ...content };
  }
}

/** `text` is there whenever there are words. */
function worded({ htmlText, markdownText, ...content }: PostedText | PostedMedia): Stored {
  const html = htmlText ?? (typeof markdownText === 'string' ? htmlOfMarkdown(markdownText) : null);
  if (html === null) return content;
  const safe = safeHtml(html);
  const said = plainText(safe);
  const given = content.text ?? '';
  return {
    ...content,
    text: isVisible(given) ? given : cut(said, TEXT_LENGTH),
    ...(isVisible(said) && isReadable(safe) && { htmlText: safe }),
  };
}

/** Strict clients refuse to read more, and then cannot list the conversation: the words are in `text`. */
const isReadable = (html: string): boolean => isWithin(html, { least: 0, most: TEXT_LENGTH });

/** The check of the body saw tags, which say nothing by themselves. */
function requireVisible(content: Stored): Stored {
  const { text, actions } = content as { readonly text?: string; readonly actions?: readonly object[] };
  if ((actions?.length ?? 0) > 0 || isVisible(text ?? '')) return content;
  throw new InvalidInput(['text should have a visible character']);
}

const storedItem = (item: PostedItem): object => ({ ...item, ...named(item), ...pressable(item.actions) });

/** A picture that nobody described is called as its file is. */
function named({ mediaUrl, altText }: Pick<PostedItem, 'mediaUrl' | 'altText'>): { altText?: string } {
  if (altText !== undefined || mediaUrl === undefined) return {};
  const name = cut(fileName(mediaUrl), 128);
  return isVisible(name) ? { altText: name } : {};
}

function fileName(url: string): string {
  const name = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    const readable = decodeURIComponent(name);
    return /\p{Cc}/u.test(readable) ? name : readable;
  } catch {
    return name;
  }
}

const pressable = (actions: readonly PostedAction[] | undefined): { actions?: readonly object[] } =>
  actions === undefined ? {} : { actions: actions.map(storedAction) };

const storedAction = (action: PostedAction): object =>
  action.type === 'buy' && action.currency !== undefined
    ? { ...action, currency: action.currency.toLowerCase() }
    : action;

/** Every item with its links, a blank line between them; no images and no postbacks, as the wire says of raw text. */
function itemsInWords(items: readonly PostedItem[], actions: readonly PostedAction[]): string {
  const paragraphs = items.map((item) => [item.title, item.description ?? '', ...links(item.actions)]);
  return [...paragraphs, links(actions)]
    .map((lines) => lines.filter(isVisible).join('\n'))
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}

const links = (actions: readonly PostedAction[]): readonly string[] =>
  actions.flatMap((action) => {
    if (action.type === 'link') return [`${action.text} ${action.uri}`.trim()];
    return action.type === 'webview' ? [`${action.text} ${action.fallback}`.trim()] : [];
  });

function placeInWords({ coordinates, location }: PostedLocation): string {
  const map = `https://maps.google.com/maps?q=${coordinates.lat},${coordinates.long}`;
  return [location?.name ?? '', location?.address ?? '', map].filter(isVisible).join('\n');
}
