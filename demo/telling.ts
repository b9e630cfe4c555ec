/** What the demo prints, and the checks that decide its exit code. */
let failures = 0;

export function say(line: string): void {
  console.log(line);
}

export function expectThat(holds: boolean, what: string): void {
  if (!holds) failures += 1;
  console.log(`  ${holds ? 'ok' : 'NOT SO'}: ${what}`);
}

export const failed = (): number => failures;

/** Waits for a condition; the demo never sleeps for luck. */
export async function eventually<T>(look: () => Promise<T | null> | T | null, what: string): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`waited 15 s in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
