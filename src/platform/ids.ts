import { randomFillSync } from 'node:crypto';

/**
 * Makes entity ids: 24 hex characters, 6 bytes of milliseconds and 6 random bytes. They sort roughly by time, which
 * keeps indexes local, and their last byte is random, which is what partitions are cut by (`kernel/ids.ts`).
 */
const POOL_BYTES = 6 * 1024;
const pool = Buffer.allocUnsafe(POOL_BYTES);
let used = POOL_BYTES;

export function newId<T extends string>(): T {
  if (used === POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString('hex', used, used + 6);
  used += 6;
  return (Date.now().toString(16).padStart(12, '0') + random) as T;
}
