import type { AppConfiguration } from '../../configuration/index.js';
import type { ConversationCommand } from '../core/index.js';
import { animalName } from './animal-names.js';
import { withoutCards } from './cards.js';
import type { MessageDraft } from './request.js';

type Wishes = Pick<AppConfiguration, 'settings' | 'integrations'>;

/**
 * A message as its app wants it kept and told. Done where the message is written, because every door leads here and the
 * settings are those of the moment.
 */
export function tailored(draft: MessageDraft, { settings, integrations }: Wishes): MessageDraft {
  const { author, content, source } = draft;
  return {
    ...draft,
    author: settings.useAnimalNames ? named(author) : author,
    content: settings.maskCreditCardNumbers ? withoutCards(content) : content,
    source: source.type === 'web' ? { ...source, ...webIntegration(integrations) } : source,
  };
}

/** What else a command says that is kept as it was written. */
export function tailoredCommand(command: ConversationCommand, { settings }: Wishes): ConversationCommand {
  if (!settings.maskCreditCardNumbers || command.type !== 'answerSurvey') return command;
  return { ...command, comment: withoutCards(command.comment) };
}

function named(author: MessageDraft['author']): MessageDraft['author'] {
  const { userId, displayName } = author;
  if (author.type !== 'user' || displayName !== undefined || typeof userId !== 'string') return author;
  return { ...author, displayName: animalName(userId) };
}

/** The integration an end user writes through: a token does not name one, so it is known where there is only one. */
export function webIntegration(integrations: Wishes['integrations']): { readonly integrationId?: string } {
  const [only, another] = [...integrations.values()].filter(({ type }) => type === 'web');
  return only === undefined || another !== undefined ? {} : { integrationId: only.id };
}
