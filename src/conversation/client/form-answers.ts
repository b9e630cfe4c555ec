import { isWithin, lengthSaid, type Limits } from '../../kernel/index.js';
import { InvalidInput } from '../../platform/http/index.js';
import { ANSWER_LENGTH } from '../http/posted-content.js';
import type { MessageBody } from '../recorded.js';

/** One answered field, as the widget sends it. */
export interface FormAnswer {
  readonly type: 'text' | 'email' | 'select';
  readonly name: string;
  readonly label?: string;
  readonly text?: string;
  readonly email?: string;
  readonly select?: readonly { readonly name: string; readonly label?: string }[];
  readonly quotedMessageId: string;
}

/** One field of a form (`docs/wire.md` 7). */
export interface FormField {
  readonly type: FormAnswer['type'];
  readonly name: string;
  readonly label: string;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly options?: readonly { readonly name: string; readonly label: string }[];
  readonly format?: 'integer' | 'decimal';
}

/**
 * What was answered, by the name of the field: the text, or the name of the option.
 *
 * @throws InvalidInput for a field that the form does not have, and a value that it does not allow
 */
export function valuesOf(form: MessageBody, answers: readonly FormAnswer[]): ReadonlyMap<string, string> {
  const fields = fieldsOf(form);
  const faults: string[] = [];
  const values = new Map<string, string>();
  for (const answer of answers) {
    const field = fields.find(({ name, type }) => name === answer.name && type === answer.type);
    const value = field && valueOf(field, answer);
    if (value === undefined) faults.push(`The field "${answer.name}" ${faultOf(field, answer)}`);
    else values.set(answer.name, value);
  }
  if (faults.length > 0) throw InvalidInput.of(faults);
  return values;
}

function valueOf(field: FormField, { text, email, select }: FormAnswer): string | undefined {
  if (field.type === 'email') return email;
  if (field.type === 'text') {
    return text !== undefined && isWithin(text, limitsOf(field)) ? text : undefined;
  }
  const [chosen, ...others] = select ?? [];
  if (others.length > 0) return undefined;
  return field.options?.find(({ name }) => name === chosen?.name)?.name;
}

const faultOf = (field: FormField | undefined, { text }: FormAnswer): string =>
  field?.type === 'text' && text !== undefined
    ? `should have ${lengthSaid(limitsOf(field))}`
    : 'is not answered as its form wants it';

/** How long a text in this field may be. */
export const limitsOf = ({ minSize = ANSWER_LENGTH.least, maxSize = ANSWER_LENGTH.most }: FormField): Limits => ({
  least: minSize,
  most: maxSize,
});

/** "label: value" lines, for whoever cannot show a form (`docs/wire.md` 7). */
export function textFallback(form: MessageBody, values: ReadonlyMap<string, string>): string {
  return fieldsOf(form)
    .filter(({ name }) => values.has(name))
    .map(({ name, label, options }) => {
      const value = values.get(name) ?? '';
      return `${label}: ${options?.find((option) => option.name === value)?.label ?? value}`;
    })
    .join('\n');
}

export const fieldsOf = ({ content }: MessageBody): readonly FormField[] =>
  (content['fields'] ?? []) as readonly FormField[];
