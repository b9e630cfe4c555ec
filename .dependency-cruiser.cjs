/**
 * Who may import whom (docs/architecture.md). `scripts/import-rules.mjs` runs these over the sources, and over
 * test/rules/, where one planted violation per rule proves that the rule bites.
 */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

/** Whatever folder there is: one that is new is watched from its first file on. */
const features = `(${readdirSync(join(__dirname, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['kernel', 'platform'].includes(entry.name))
  .map(({ name }) => name)
  .sort()
  .join('|')})`;
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    rule(
      'kernel-imports-kernel',
      'It is the floor of everyone.',
      { path: '^src/kernel/', pathNot: '\\.spec\\.ts$' },
      { pathNot: '^src/kernel/' },
    ),
    rule(
      'core-is-pure',
      'The core decides without packages, node or neighbours.',
      { path: '^src/[^/]+/core/', pathNot: '\\.(spec|spec-kit)\\.ts$' },
      { pathNot: '^src/([^/]+/core|kernel)/' },
    ),
    rule(
      'platform-knows-no-feature',
      'Tools do not know the house.',
      { path: '^src/platform/' },
      { path: `^src/${features}/` },
    ),
    rule(
      'features-meet-at-index',
      'A room can be rearranged inside. A pure core is a meeting point of its own.',
      { path: `^src/${features}/` },
      { path: `^src/${features}/`, pathNot: [`^src/${features}/(core/)?index\\.ts$`, '^src/$1/'] },
    ),
    rule(
      'nobody-calls-a-listener',
      'Listeners react; a call would couple.',
      { path: '^src/', pathNot: '^src/(webhooks|csat|routing)/|^src/app\\.module\\.ts$' },
      { path: '^src/(webhooks|csat|routing)/' },
    ),
    rule(
      'listeners-do-not-meet',
      'Each can be left out.',
      { path: '^src/(webhooks|csat|routing)/' },
      { path: '^src/(webhooks|csat|routing)/', pathNot: '^src/$1/' },
    ),
    rule(
      'sql-has-an-address',
      'Statements are in stores, queries, relays, the ledger and platform/postgres.',
      { path: '^src/', pathNot: '\\.(store|query|relay)\\.ts$|^src/ledger/|^src/platform/postgres/' },
      { path: '^(node_modules/)?(pg|kysely)(/|$)|/node_modules/(pg|kysely)/|node_modules/@types/pg/' },
    ),
    rule(
      'nats-has-one-owner',
      'Connections are made in platform/nats; outsiders use sdk/.',
      { path: '^src/', pathNot: '^src/platform/nats/' },
      { path: '@nats-io/' },
    ),
    rule(
      'validation-at-the-edge',
      'class-validator describes bodies, and only bodies.',
      { path: '^src/', pathNot: '\\.dto\\.ts$|^src/platform/http/' },
      { path: 'node_modules/class-(validator|transformer)/' },
    ),
    rule(
      'bodies-stay-at-the-door',
      'The API can change alone.',
      { path: '^src/', pathNot: '\\.(controller|dto)\\.ts$' },
      { path: '\\.dto\\.ts$' },
    ),
    rule(
      'sdk-imports-no-source',
      'It is a client like any other.',
      { path: '^(sdk|web|demo)/', pathNot: '\\.spec\\.ts$' },
      { path: '^src/' },
    ),
    rule(
      'no-test-code-in-production',
      'Tests import, and are not imported.',
      { path: '^(src|sdk)/', pathNot: '\\.(spec|spec-kit)\\.ts$' },
      { path: '^test/|\\.(spec|spec-kit)\\.ts$|node_modules/(@jest|jest|supertest|fast-check|@nestjs/testing)/' },
    ),
    rule('no-cycles', 'What goes in a circle has no floor.', { path: '^(src|sdk)/' }, { circular: true }),
    rule('resolvable', 'An import must lead somewhere.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
