/** Node, running only the tests of a file that name one of the given rows. */
const { TestEnvironment } = require('jest-environment-node');

module.exports = class RowEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.rows = config.projectConfig.testEnvironmentOptions.rows;
  }

  handleTestEvent(event, state) {
    if (event.name === 'run_start') state.testNamePattern = new RegExp(`(^|[ ,:/])(${this.rows.join('|')})(?![\\w-])`);
  }
};
