import type { FastifyRequest } from 'fastify';
import { parseId } from '../../kernel/index.js';
import { baseUrlOf } from './base-url.js';
import { InvalidInput } from './invalid-input.js';
import { bracketed, type Query } from './query.js';

const DEFAULT_SIZE = 25;
const LARGEST_SIZE = 100;
const INVALID = 'Invalid page query parameters';

/** One page to read: `limit` records beyond `cursor`, nearest first, in `direction`. */
export interface Page {
  /** The record the page begins beyond; `null`: the first page. */
  readonly cursor: string | null;
  /** `backward` reads towards older records; the answer is in the list's own order all the same. */
  readonly direction: 'forward' | 'backward';
  readonly size: number;
  /** One more than `size`: whether there is more is seen by reading it. */
  readonly limit: number;
}

/** What a query needs of a page. */
export type Slice = Pick<Page, 'cursor' | 'direction' | 'limit'>;

/** How a query compares with the cursor, in reading direction. */
export const beyond = (direction: Page['direction']) => (direction === 'forward' ? '>' : '<');

/** How a query sorts, in reading direction. */
export const order = (direction: Page['direction']) => (direction === 'forward' ? 'asc' : 'desc');

export interface PageRules {
  /** Where a list without a cursor begins: messages are paged backwards from the newest (`docs/wire.md` 4). */
  readonly from?: 'start' | 'end';
  /** A size that `page[size]` cannot change. */
  readonly fixedSize?: number;
}

/**
 * Reads `page[after]`, `page[before]`, `page[size]` (1 to 100, default 25).
 *
 * @throws InvalidInput "Invalid page query parameters": both cursors, a cursor that is no id, a size out of bounds.
 */
export function pageOf(query: Query, { from = 'start', fixedSize }: PageRules = {}): Page {
  const { after, before, size: asked } = bracketed(query, 'page', ['after', 'before', 'size'], INVALID);
  if (after !== undefined && before !== undefined) throw new InvalidInput([INVALID]);
  const size = fixedSize ?? sizeOf(asked);
  return {
    cursor: cursorOf(after ?? before),
    direction: before !== undefined || (after === undefined && from === 'end') ? 'backward' : 'forward',
    size,
    limit: size + 1,
  };
}

export interface Paged<T> {
  /** In the list's own order. */
  readonly items: readonly T[];
  readonly meta: { readonly hasMore: boolean; readonly afterCursor?: string; readonly beforeCursor?: string };
  readonly links?: { readonly prev?: string; readonly next?: string };
}

/**
 * Cuts what was read to the page and says how to go on. `found` holds up to `page.limit` records in reading direction.
 * `hasMore` speaks of the direction being paged; a cursor or link is absent when there is no such page.
 */
export function paged<T extends { readonly id: string }>(
  request: FastifyRequest,
  page: Page,
  found: readonly T[],
): Paged<T> {
  const hasMore = found.length > page.size;
  const kept = found.slice(0, page.size);
  const items = page.direction === 'backward' ? kept.toReversed() : kept;
  const cameFrom = page.cursor !== null;
  const [older, newer] = page.direction === 'backward' ? [hasMore, cameFrom] : [cameFrom, hasMore];
  const beforeCursor = older ? items.at(0)?.id : undefined;
  const afterCursor = newer ? items.at(-1)?.id : undefined;
  return {
    items,
    meta: { hasMore, ...(afterCursor && { afterCursor }), ...(beforeCursor && { beforeCursor }) },
    ...linksOf(request, page, beforeCursor, afterCursor),
  };
}

function linksOf(request: FastifyRequest, page: Page, before?: string, after?: string): Pick<Paged<never>, 'links'> {
  if (before === undefined && after === undefined) return {};
  return {
    links: {
      ...(before && { prev: linkTo(request, page, 'before', before) }),
      ...(after && { next: linkTo(request, page, 'after', after) }),
    },
  };
}

/** The same list, size and filter, from another place; under the prefix the caller used. */
function linkTo(request: FastifyRequest, { size }: Page, key: 'before' | 'after', cursor: string): string {
  const { pathname, search } = new URL(request.originalUrl, 'http://localhost');
  const url = new URL(baseUrlOf(request) + pathname + search);
  // Clients before 9.7.1 say the size in it too.
  if (url.searchParams.has('page')) url.searchParams.set('page[size]', String(size));
  for (const old of ['page', 'page[before]', 'page[after]']) url.searchParams.delete(old);
  url.searchParams.set(`page[${key}]`, cursor);
  return url.toString();
}

function sizeOf(asked: string | undefined): number {
  if (asked === undefined) return DEFAULT_SIZE;
  const size = /^\d{1,3}$/.test(asked) ? Number(asked) : 0;
  if (size < 1 || size > LARGEST_SIZE) throw new InvalidInput([INVALID]);
  return size;
}

function cursorOf(value: string | undefined): string | null {
  if (value === undefined) return null;
  const id = parseId<string>(value);
  if (id === null) throw new InvalidInput([INVALID]);
  return id;
}
