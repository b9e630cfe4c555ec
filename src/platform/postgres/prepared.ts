/** As long as a connection may take to be made. */
const PATIENCE_MS = 5_000;

/**
 * What a new session is asked before it is used, within a deadline: a pooler that has lost its server, or has no room,
 * takes a client in and lets it wait for minutes. Throws an error that counts as an outage; the session is to be closed.
 */
export async function prepared<T>(answers: Promise<T>): Promise<T> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error('a new session with PostgreSQL did not answer in time'), {
      code: 'ETIMEDOUT',
    });
    limit = setTimeout(() => reject(error), PATIENCE_MS);
  });
  try {
    return await Promise.race([answers, late]);
  } finally {
    clearTimeout(limit);
  }
}
