import { isWithin, lengthSaid } from '../../kernel/index.js';
import { InvalidInput, isVisible } from '../../platform/http/index.js';
import type { FormResponse } from '../http/posted-content.js';
import type { MessageBody } from '../recorded.js';
import { fieldsOf, limitsOf, type FormAnswer, type FormField } from './form-answers.js';

/** An answer as the wire has it, and in words; a string: what is wrong with it. */
type Value = { readonly stored: object; readonly words: string } | string;

/**
 * The answer to a bot's form, as it is stored: every field of it, in its order, with its own labels and options whatever
 * the caller calls them.
 *
 * @throws InvalidInput for a field that the form does not have, one that is not answered, and a value it does not allow
 */
export function filledForm(form: MessageBody, answers: readonly FormAnswer[]): FormResponse {
  const fields = fieldsOf(form);
  const filled: object[] = [];
  const lines: string[] = [];
  const faults = answers
    .filter((answer) => !fields.some((field) => isOf(field, answer)))
    .map(({ name, type }) => `The form has no field "${name}" of type ${type}`);
  for (const field of fields) {
    const { type, name, label } = field;
    const answer = answers.find((one) => isOf(field, one));
    const value = answer === undefined ? 'should be answered' : valueOf(field, answer);
    if (typeof value === 'string') {
      faults.push(`The field "${name}" ${value}`);
    } else {
      filled.push({ type, name, label, ...value.stored });
      lines.push(`${label}: ${value.words}`);
    }
  }
  if (faults.length > 0) throw InvalidInput.of(faults);
  return { type: 'formResponse', fields: filled, textFallback: lines.join('\n') };
}

const isOf = (field: FormField, { name, type }: FormAnswer): boolean => name === field.name && type === field.type;

function valueOf(field: FormField, { text, email, select }: FormAnswer): Value {
  switch (field.type) {
    case 'email':
      return email === undefined ? 'should have required property email' : { stored: { email }, words: email };
    case 'select':
      return select === undefined ? 'should have required property select' : chosen(field, select);
    case 'text':
      return text === undefined ? 'should have required property text' : written(field, text);
  }
}

function written(field: FormField, text: string): Value {
  const { format } = field;
  const limits = limitsOf(field);
  if (!isWithin(text, limits)) return `should have ${lengthSaid(limits)}`;
  if (!isVisible(text)) return 'should have a visible character';
  if (format !== undefined && !FORMATS[format].test(text)) return `should be ${NAMES[format]}`;
  return { stored: { text }, words: text };
}

const FORMATS = { integer: /^[+-]?\d+$/u, decimal: /^[+-]?\d+(?:[.,]\d+)?$/u } as const;
const NAMES = { integer: 'a whole number', decimal: 'a number' } as const;

function chosen({ options = [] }: FormField, select: readonly { readonly name: string }[]): Value {
  const names = new Set(select.map(({ name }) => name));
  const picked = options.filter(({ name }) => names.has(name)).map(({ name, label }) => ({ name, label }));
  if (picked.length !== select.length) return 'should have options of the form, each once';
  return { stored: { select: picked }, words: picked.map(({ label }) => label).join(', ') };
}
