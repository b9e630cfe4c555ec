/** The settings that ends depend on. */
import { watchedBy } from './guard.mjs';

const without = watchedBy('src/tenancy/apps/settings.spec.ts', 'src');
const patch = 'tenancy/apps/settings.ts';
const defaults = 'configuration/app-settings.ts';

export const settings = [
  without('E-3', 'what it needs on', patch, 'if (!next.multiConvoEnabled) requireNoneOnMulti(next);', ''),
  without(
    'E-4',
    'what it needs off',
    patch,
    'if (next.endSessionEnabled && !next.disableConversationReopen)',
    'if (!next.multiConvoEnabled && next.endSessionEnabled && !next.disableConversationReopen)',
  ),
  without('E-15', 'the check at save', patch, 'if (dependent === undefined) return;', 'return;'),
  without('E-14', 'its default', defaults, 'endSessionEnabled: false,', 'endSessionEnabled: true,'),
  without('A-3', 'its default', defaults, 'agentsCanEnd: true,', 'agentsCanEnd: false,'),
  watchedBy('test/integration/tenancy/agents-can-end.spec.ts', 'src')(
    'A-3',
    'the migration of apps from before',
    'platform/postgres/migrator.ts',
    'return migrations.filter(({ version }) => !done.has(version));',
    'return migrations.filter(({ version }) => !done.has(version) && version !== 8);',
  ),
];
