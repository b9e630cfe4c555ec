import type { Json } from './canonical-json.js';

/** Stands where a secret stood, so that a reader sees that there is one. */
export const LEFT_OUT = '[left out]';

const SECRET = /^(?:.*secret|.*password|.*token|authorization|api_?key|private_?key)$/i;

/**
 * Settings as the log keeps them: plain JSON in which whatever a name calls a secret is replaced, at any depth, and
 * text is what PostgreSQL's `jsonb` can hold (no NUL, no half of a surrogate pair).
 */
export function withoutSecrets(settings: object | null): Json {
  return settings === null ? null : kept(JSON.parse(JSON.stringify(settings)) as Json);
}

function kept(value: Json): Json {
  if (typeof value === 'string') return storable(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(kept);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      storable(name),
      SECRET.test(name) && member !== null ? LEFT_OUT : kept(member),
    ]),
  );
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u{FFFD}');
}
