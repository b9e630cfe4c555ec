/**
 * How often the stream was restored: the description of the stream says so, and each durable consumer of the kit bears
 * the number it was made under. Both lie in NATS itself, so that whatever is put back to an older copy, the two differ.
 */
export const generationText = (generation: number): string => `Switchboard, generation ${generation}`;

/** `null`: a description that says nothing of it. */
export function generationIn(description: string | undefined): number | null {
  const [, digits] = /, generation (\d+)$/.exec(description ?? '') ?? [];
  return digits === undefined ? null : Number(digits);
}
