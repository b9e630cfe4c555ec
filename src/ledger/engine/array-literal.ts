/**
 * A PostgreSQL array written in one pass, as `pg` would write it at twice the cost: nearly every parameter of the ledger
 * is an array of ids, numbers or JSON. `null` when an item is of a kind that only `pg` knows how to write.
 */
export function arrayLiteral(items: readonly unknown[]): string | null {
  let literal = '{';
  for (let i = 0; i < items.length; i++) {
    const item = itemLiteral(items[i]);
    if (item === null) return null;
    literal += i === 0 ? item : `,${item}`;
  }
  return `${literal}}`;
}

const SPECIAL = /["\\]/;
const EACH_SPECIAL = /["\\]/g;

function itemLiteral(item: unknown): string | null {
  switch (typeof item) {
    case 'string':
      return SPECIAL.test(item) ? `"${item.replace(EACH_SPECIAL, '\\$&')}"` : `"${item}"`;
    case 'number':
    case 'bigint':
      return String(item);
    case 'boolean':
      return item ? 't' : 'f';
    default:
      if (item === null || item === undefined) return 'NULL';
      return item instanceof Date ? `"${item.toISOString()}"` : null;
  }
}
