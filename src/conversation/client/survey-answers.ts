import { Injectable } from '@nestjs/common';
import { Failure, parseId, type MessageId, type SurveyId } from '../../kernel/index.js';
import { InvalidInput } from '../../platform/http/index.js';
import { ConversationCommands, type Errand } from '../commands/conversation.commands.js';
import { userDraft } from '../http/authors.js';
import { MessagesQuery } from '../queries/messages.query.js';
import type { MessageBody, SettledAnswer, UserSnapshot } from '../recorded.js';
import { textFallback, valuesOf, type FormAnswer } from './form-answers.js';

/** An answer to the form of a survey: no activity, unlike every other message (`sessions.md` 2.2a). */
@Injectable()
export class SurveyAnswers {
  constructor(
    private readonly commands: ConversationCommands,
    private readonly messages: MessagesQuery,
  ) {}

  /**
   * @throws Failure `not_found` for a message that is not there, `bad_request` for one that is no survey's form and for
   * answers that do not fit it; that it is answered, or closed, is a refusal
   */
  async give(
    errand: Errand,
    user: UserSnapshot,
    content: { readonly fields: readonly FormAnswer[] },
  ): Promise<SettledAnswer> {
    const { fields } = content;
    const form = await this.formOf(errand, fields);
    const surveyId = surveyOf(form);
    const values = valuesOf(form, fields);
    const given = fields.map(({ quotedMessageId: _form, ...field }) => field);
    const draft = userDraft(
      {
        content: { type: 'formResponse', fields: given, textFallback: textFallback(form, values) } as {
          readonly type: string;
        },
        metadata: { surveyId, formId: form.id },
      },
      user,
      'web',
    );
    const answer = { surveyId, score: scoreOf(values), comment: values.get('comment')?.trim() || null };
    return this.commands.answerSurvey(errand, answer, draft);
  }

  private async formOf({ conversationId }: Errand, [first]: readonly FormAnswer[]): Promise<MessageBody> {
    const form = await this.messages.find(conversationId, parseId<MessageId>(first?.quotedMessageId));
    if (!form) throw new Failure('not_found', 'The form is not in this conversation');
    return form;
  }
}

/** Only the platform writes messages whose source is the system, so nobody else can name a survey there. */
function surveyOf({ content, source, metadata }: MessageBody): SurveyId {
  const surveyId = parseId<SurveyId>(metadata?.['surveyId']);
  if (content.type === 'form' && source.type === 'system' && surveyId !== null) return surveyId;
  throw new InvalidInput(['Only forms of surveys can be answered']);
}

function scoreOf(values: ReadonlyMap<string, string>): number {
  const score = values.get('score');
  if (score === undefined) throw new InvalidInput(['The field "score" should be answered']);
  return Number(score);
}
