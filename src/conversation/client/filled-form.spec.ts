import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '../../platform/http/index.js';
import type { MessageBody } from '../recorded.js';
import { filledForm } from './filled-form.js';
import type { FormAnswer } from './form-answers.js';

const form = (...fields: readonly object[]): MessageBody =>
  ({ content: { type: 'form', submitted: false, fields } }) as unknown as MessageBody;
const answer = (name: string, type: FormAnswer['type'], more: object): FormAnswer =>
  ({ name, type, quotedMessageId: 'x', ...more }) as FormAnswer;
const text = (words: string): FormAnswer => answer('name', 'text', { text: words });

const NAME = { type: 'text', name: 'name', label: 'Your name' };
const MAIL = { type: 'email', name: 'mail', label: 'Your address' };
const TEA = {
  type: 'select',
  name: 'tea',
  label: 'Tea',
  options: [
    { name: 'green', label: 'Green tea' },
    { name: 'black', label: 'Black tea' },
  ],
};

const faultsOf = (of: MessageBody, ...answers: readonly FormAnswer[]): readonly string[] => {
  try {
    filledForm(of, answers);
    return [];
  } catch (error) {
    return (error as InvalidInput).titles;
  }
};

describe('a form that was filled in', () => {
  it("has its fields in the form's order, with the form's words, and is told in lines", () => {
    const answers = [
      answer('tea', 'select', { label: 'Forged', select: [{ name: 'black', label: 'Forged' }] }),
      answer('mail', 'email', { email: 'ana@example.org', text: 'not asked' }),
      text('Ana'),
    ];
    expect(filledForm(form(NAME, MAIL, TEA), answers)).toEqual({
      type: 'formResponse',
      fields: [
        { type: 'text', name: 'name', label: 'Your name', text: 'Ana' },
        { type: 'email', name: 'mail', label: 'Your address', email: 'ana@example.org' },
        { type: 'select', name: 'tea', label: 'Tea', select: [{ name: 'black', label: 'Black tea' }] },
      ],
      textFallback: 'Your name: Ana\nYour address: ana@example.org\nTea: Black tea',
    });
  });

  it('is refused with every field that is missing, not asked for, or of another type', () => {
    expect(faultsOf(form(NAME, MAIL), text('Ana'), answer('age', 'text', { text: '5' }))).toEqual([
      'The form has no field "age" of type text',
      'The field "mail" should be answered',
    ]);
    expect(faultsOf(form(MAIL), answer('mail', 'text', { text: 'a@b.org' }))).toHaveLength(2);
    expect(faultsOf(form(NAME), answer('name', 'text', { email: 'a@b.org' }))).toHaveLength(1);
  });

  it.each([
    [{}, 1, 128],
    [{ minSize: 3 }, 3, 128],
    [{ maxSize: 5 }, 1, 5],
    [{ minSize: 256, maxSize: 256 }, 256, 256],
  ])('text of a field with %j has %i to %i characters', (sizes, least, most) => {
    for (const length of [least, most])
      expect(faultsOf(form({ ...NAME, ...sizes }), text('😀'.repeat(length)))).toEqual([]);
    for (const length of [least - 1, most + 1])
      expect(faultsOf(form({ ...NAME, ...sizes }), text('x'.repeat(length)))).toHaveLength(1);
  });

  it.each([
    ['text of which nothing is to be seen', NAME, { text: ' \u200b\u3164' }],
    ['a text field without text', NAME, { email: 'ana@example.org' }],
    ['an e-mail field without an address', MAIL, { text: 'ana@example.org' }],
    ['a select without a choice', TEA, { text: 'green' }],
  ] as const)('is refused with %s', (_what, field, value) => {
    const faults = faultsOf(form(field), answer(field.name, field.type as FormAnswer['type'], value));
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^The field "${field.name}" should have `))]);
  });

  it.each([
    ['integer', ['0', '-12', '+7'], ['1.5', 'seven', '1e3', '']],
    ['decimal', ['0', '-1.5', '3,14'], ['1.', 'a', '1.2.3']],
  ])('text of format %s is a number', (format, good, bad) => {
    for (const words of good) expect([words, faultsOf(form({ ...NAME, format }), text(words))]).toEqual([words, []]);
    for (const words of bad) expect([words, faultsOf(form({ ...NAME, format }), text(words))]).not.toEqual([words, []]);
  });

  it('has options of the form, each once', () => {
    const pick = (...names: readonly string[]): readonly string[] =>
      faultsOf(form(TEA), answer('tea', 'select', { select: names.map((name) => ({ name })) }));
    expect(pick('green')).toEqual([]);
    expect(pick('black', 'green')).toEqual([]);
    for (const names of [['white'], ['green', 'white'], ['green', 'green'], ['Green tea']])
      expect(pick(...names)).toHaveLength(1);
  });
});
