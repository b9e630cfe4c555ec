import { Injectable } from '@nestjs/common';
import { Failure, parseId, type MessageId, type Metadata } from '../../kernel/index.js';
import { InvalidInput } from '../../platform/http/index.js';
import { ConversationCommands, type Errand } from '../commands/conversation.commands.js';
import { userDraft } from '../http/authors.js';
import { MessagesQuery } from '../queries/messages.query.js';
import type { MessageBody, SettledAnswer, UserSnapshot } from '../recorded.js';
import { filledForm } from './filled-form.js';
import type { FormAnswer } from './form-answers.js';
import { SurveyAnswers, surveyOf } from './survey-answers.js';

/** What an end user answers to a form, as the widget sends it. */
interface Response {
  readonly content: { readonly fields: readonly FormAnswer[] };
  readonly metadata?: Metadata | null | undefined;
}

/** Answers to forms. That of a bot's form is a message like any other; that of a survey is none (`survey-answers.ts`). */
@Injectable()
export class Forms {
  constructor(
    private readonly commands: ConversationCommands,
    private readonly messages: MessagesQuery,
    private readonly surveys: SurveyAnswers,
  ) {}

  /**
   * @throws Failure `not_found` for a form that is not in this conversation, `bad_request` for a message that is no form
   * of the business and for answers that do not fit; that it was answered before is a refusal
   */
  async answer(errand: Errand, user: UserSnapshot, { content, metadata }: Response): Promise<SettledAnswer> {
    const { fields } = content;
    const form = await this.formOf(errand, fields);
    const surveyId = surveyOf(form);
    if (surveyId !== null) return this.surveys.give(errand, user, { surveyId, form, fields });

    const draft = userDraft({ content: filledForm(form, fields), metadata }, user, 'web');
    const quoted = { ...form, content: { ...form.content, submitted: true } };
    return this.commands.answerForm(errand, user.id, form.id, { ...draft, quoted });
  }

  private async formOf({ conversationId }: Errand, [first]: readonly FormAnswer[]): Promise<MessageBody> {
    const form = await this.messages.find(conversationId, parseId<MessageId>(first?.quotedMessageId));
    if (!form) throw new Failure('not_found', 'The form is not in this conversation');
    if (form.content.type === 'form' && form.author.type === 'business') return form;
    throw new InvalidInput(['Only forms of the business can be answered']);
  }
}
