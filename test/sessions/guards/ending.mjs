/** The settings that ends depend on, the end procedure, and what is allowed while a session is ending. */
const settings = { spec: 'src/tenancy/apps/settings.spec.ts', file: 'src/tenancy/apps/settings.ts' };

export const ending = [
  {
    row: 'E-3',
    off: 'what endSessionEnabled needs on',
    ...settings,
    find: 'if (!next.multiConvoEnabled) requireNoneOnMulti(next);',
    replace: '',
  },
  {
    row: 'E-4',
    off: 'what endSessionEnabled needs off',
    ...settings,
    find: 'if (next.endSessionEnabled && !next.disableConversationReopen)',
    replace: 'if (!next.multiConvoEnabled && next.endSessionEnabled && !next.disableConversationReopen)',
  },
  {
    row: 'E-15',
    off: 'the check of what a setting needs, at save',
    ...settings,
    find: 'if (dependent === undefined) return;',
    replace: 'return;',
  },
  {
    row: 'E-14',
    off: 'the default of endSessionEnabled',
    ...settings,
    file: 'src/configuration/app-settings.ts',
    find: 'endSessionEnabled: false,',
    replace: 'endSessionEnabled: true,',
  },
  {
    row: 'A-3',
    off: 'the default of agentsCanEnd',
    ...settings,
    file: 'src/configuration/app-settings.ts',
    find: 'agentsCanEnd: true,',
    replace: 'agentsCanEnd: false,',
  },
  {
    row: 'A-3',
    off: 'the migration of apps from before',
    spec: 'test/integration/tenancy/agents-can-end.spec.ts',
    file: 'src/platform/postgres/migrator.ts',
    find: 'return migrations.filter(({ version }) => !done.has(version));',
    replace: 'return migrations.filter(({ version }) => !done.has(version) && version !== 8);',
  },
];
