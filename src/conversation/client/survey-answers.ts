import { Injectable } from '@nestjs/common';
import { parseId, type SurveyId } from '../../kernel/index.js';
import { InvalidInput } from '../../platform/http/index.js';
import { ConversationCommands, type Errand } from '../commands/conversation.commands.js';
import { userDraft } from '../http/authors.js';
import type { MessageBody, SettledAnswer, UserSnapshot } from '../recorded.js';
import { textFallback, valuesOf, type FormAnswer } from './form-answers.js';

/** The form of a survey, and what its end user says to it. */
interface Given {
  readonly surveyId: SurveyId;
  readonly form: MessageBody;
  readonly fields: readonly FormAnswer[];
}

/** An answer to the form of a survey: no activity, unlike every other message (`docs/rules.md` 2.2a). */
@Injectable()
export class SurveyAnswers {
  constructor(private readonly commands: ConversationCommands) {}

  /**
   * @throws Failure `bad_request` for answers that do not fit the form; that it is answered, or closed, is a refusal
   */
  async give(errand: Errand, user: UserSnapshot, { surveyId, form, fields }: Given): Promise<SettledAnswer> {
    const values = valuesOf(form, fields);
    const given = fields.map(({ quotedMessageId: _form, ...field }) => field);
    const content = { type: 'formResponse', fields: given, textFallback: textFallback(form, values) } as const;
    const draft = userDraft({ content, metadata: { surveyId, formId: form.id } }, user, 'web');
    const answer = { surveyId, score: scoreOf(values), comment: values.get('comment')?.trim() || null };
    return this.commands.answerSurvey(errand, answer, draft);
  }
}

/**
 * The survey whose form this is; `null`: it is none's. Only the platform writes messages whose source is the system, so
 * nobody else can name a survey there.
 */
export function surveyOf({ source, metadata }: MessageBody): SurveyId | null {
  return source.type === 'system' ? parseId<SurveyId>(metadata?.['surveyId']) : null;
}

function scoreOf(values: ReadonlyMap<string, string>): number {
  const score = values.get('score');
  if (score === undefined) throw new InvalidInput(['The field "score" should be answered']);
  return Number(score);
}
