/** Guards that one spec watches: `without(row, what is off, file, find, replace)`; files are below `folder`. */
export const watchedBy = (spec, folder) => (row, off, file, find, replace) => ({
  row,
  off,
  spec,
  edits: [{ file: `${folder}/${file}`, find, replace }],
});

/** A rule that two places keep is disabled in both. */
export const both = (one, other) => ({ ...one, edits: [...one.edits, ...other.edits] });
