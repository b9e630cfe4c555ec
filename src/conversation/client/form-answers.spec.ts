import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '../../platform/http/index.js';
import type { MessageBody } from '../recorded.js';
import { valuesOf, type FormAnswer } from './form-answers.js';

const COMMENT = { type: 'text', name: 'comment', label: 'Anything to add?', maxSize: 4 };
const form = { content: { type: 'form', fields: [COMMENT] } } as unknown as MessageBody;
const answer = (more: object): FormAnswer =>
  ({ name: 'comment', type: 'text', quotedMessageId: 'x', ...more }) as FormAnswer;

function faultsOf(...answers: readonly FormAnswer[]): readonly string[] {
  try {
    valuesOf(form, answers);
    return [];
  } catch (error) {
    return (error as InvalidInput).titles;
  }
}

describe("an answer to a survey's form", () => {
  it('is as long as an answer to any other form: an emoji is one character', () => {
    expect(valuesOf(form, [answer({ text: '😀😀😀😀' })]).get('comment')).toBe('😀😀😀😀');
    expect(faultsOf(answer({ text: '😀😀😀😀😀' }))).toEqual([
      'The field "comment" should have 1 to 4 characters (Unicode code points)',
    ]);
  });

  it('is told from one that is missing and one that was not asked for', () => {
    expect(faultsOf(answer({}), { ...answer({ text: 'so' }), name: 'why' })).toEqual([
      'The field "comment" is not answered as its form wants it',
      'The field "why" is not answered as its form wants it',
    ]);
  });
});
