/**
 * Rows that no test proves yet, or whose test watches no guard yet: none. A row that is added to `rows.mjs` stands here
 * until both are there, and `npm run check` sees to it that it goes then.
 */
/** @type {readonly string[]} */
export const open = [];
