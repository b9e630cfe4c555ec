/** Compiles as the tests' own transform does, with the edits of one guard made on the way; the tree stays untouched. */
const { createHash } = require('node:crypto');
const { relative } = require('node:path');
const { createTransformer } = require('@swc/jest');

module.exports = {
  createTransformer: ({ swc, edits }) => {
    const compiler = createTransformer(swc);
    const edited = (text, file, rootDir) =>
      edits
        .filter((edit) => edit.file === relative(rootDir, file))
        .reduce((source, { find, replace }) => source.replace(find, () => replace), text);
    return {
      process: (text, file, options) => compiler.process(edited(text, file, options.config.rootDir), file, options),
      processAsync: (text, file, options) =>
        compiler.processAsync(edited(text, file, options.config.rootDir), file, options),
      // Files that no edit touches are compiled once for all guards: their key does not know the project.
      getCacheKey: (text, file, { config, supportsStaticESM }) =>
        createHash('sha256')
          .update([edited(text, file, config.rootDir), file, supportsStaticESM, JSON.stringify(swc)].join('\0'))
          .digest('hex')
          .slice(0, 40),
    };
  },
};
