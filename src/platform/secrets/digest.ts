import { createHash, timingSafeEqual } from 'node:crypto';

/** What a secret is compared by: equal lengths whatever the guess. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether the guess is the secret of that digest, in a time that does not depend on how much of it is right. */
export function matches(digest: Buffer, guess: string): boolean {
  return timingSafeEqual(digest, digestOf(guess));
}
