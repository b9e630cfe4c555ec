/** Ends every switch over a union: a case nobody handles does not compile, and throws if it is ever reached. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
