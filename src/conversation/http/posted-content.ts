/** Content as callers post it (`docs/wire.md` 7), checked: what of it the house itself reads. */
export type PostedContent =
  | PostedText
  | PostedMedia
  | PostedItems
  | PostedLocation
  | { readonly type: 'template' | 'form' };

/** Characters of a text. */
export const TEXT_LENGTH = 4_096;

/** Characters of an answer in a text field of a form that does not say. */
export const ANSWER_LENGTH = { least: 1, most: 128 } as const;

interface Worded {
  readonly text?: string;
  readonly htmlText?: string;
  readonly markdownText?: string;
  readonly actions?: readonly PostedAction[];
}

export interface PostedText extends Worded {
  readonly type: 'text';
}

export interface PostedMedia extends Worded {
  readonly type: 'image' | 'file';
  readonly mediaUrl: string;
  readonly altText?: string;
}

export interface PostedItem {
  readonly title: string;
  readonly description?: string;
  readonly mediaUrl?: string;
  readonly altText?: string;
  readonly actions: readonly PostedAction[];
}

export interface PostedItems {
  readonly type: 'carousel' | 'list';
  readonly items: readonly PostedItem[];
  /** Of lists. */
  readonly actions?: readonly PostedAction[];
}

export interface PostedLocation {
  readonly type: 'location';
  readonly coordinates: { readonly lat: number; readonly long: number };
  readonly location?: { readonly address?: string; readonly name?: string };
}

export type PostedAction =
  | { readonly type: 'buy'; readonly text: string; readonly currency?: string }
  | { readonly type: 'link'; readonly text: string; readonly uri: string }
  | { readonly type: 'webview'; readonly text: string; readonly fallback: string }
  | { readonly type: 'locationRequest' | 'postback' | 'reply'; readonly text: string };

/** Answers to a form, as they are stored. */
export interface FormResponse {
  readonly type: 'formResponse';
  readonly fields: readonly object[];
  /** "label: value" lines, for whoever cannot show a form. */
  readonly textFallback: string;
}
