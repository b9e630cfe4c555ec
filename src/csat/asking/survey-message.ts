import type { MessageDraft } from '../../conversation/index.js';
import { shortened } from '../../kernel/index.js';
import { scoresOf } from '../../conversation/core/index.js';
import { labelOf } from '../words/house-words.js';
import type { Asking } from './asking.js';

/** Characters of a field's label and of a field's text (`docs/wire.md` 7). */
const LABEL = 128;
const TEXT = 256;

/** What a survey says in its conversation: a form, or a link where the app asks by link. */
export function surveyMessage(
  { id, sessionId }: { readonly id: string; readonly sessionId: string },
  asking: Asking,
  link: string,
): MessageDraft {
  const { delivery, scale } = asking;
  return {
    author: { type: 'business' },
    content: delivery === 'link' ? linkContent(asking, link) : formContent(asking),
    source: { type: 'system' },
    metadata: { surveyId: id, sessionId, scale, ...(delivery === 'both' && { surveyUrl: link }) },
  };
}

const linkContent = ({ words }: Asking, uri: string): MessageDraft['content'] => ({
  type: 'text',
  text: words.question,
  actions: [{ type: 'link', text: words.submit, uri }],
});

/** Names of options are scores; the comment need not be filled in. */
function formContent({ words, scale, comment }: Asking): MessageDraft['content'] {
  const options = scoresOf(scale).map((score) => ({ name: String(score), label: labelOf(scale, score, words) }));
  const fields = [
    { type: 'select', name: 'score', label: shortened(words.question, LABEL), options },
    ...(comment ? [{ type: 'text', name: 'comment', label: shortened(words.comment, LABEL), maxSize: TEXT }] : []),
  ];
  return { type: 'form', text: words.question, submitted: false, blockChatInput: false, fields };
}
