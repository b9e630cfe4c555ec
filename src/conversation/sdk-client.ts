import { createHash } from 'node:crypto';
import type { UserSnapshot } from './recorded.js';

/**
 * The client through which an end user writes with a token of their own. There is one of each user who ever did, so it
 * has no row: its id follows from theirs. When it was linked and last seen, on which device, we do not know.
 */
export function sdkClientOf({ id, authenticated }: Pick<UserSnapshot, 'id' | 'authenticated'>) {
  if (!authenticated) return null;
  const clientId = createHash('sha256').update(`sdk:${id}`).digest('hex').slice(0, 24);
  return { id: clientId, type: 'sdk', status: 'active' } as const;
}
