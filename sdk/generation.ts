/**
 * How often the stream was restored: the description of the stream says so, and each durable consumer of the kit bears
 * the number it was made under. Both lie in NATS itself, so that whatever is put back to an older copy, the two differ.
 */
export interface Generation {
  readonly number: number;
  /** Up to here the stream holds what it held in the generation before; what lies beyond was published anew. */
  readonly after: number;
}

export const generationText = ({ number, after }: Generation): string =>
  `Switchboard, generation ${number} after ${after}`;

/** `null`: a description that says nothing of it. */
export function generationIn(description: string | undefined): Generation | null {
  const [, number, after] = /, generation (\d+) after (\d+)$/.exec(description ?? '') ?? [];
  return number === undefined || after === undefined ? null : { number: Number(number), after: Number(after) };
}
