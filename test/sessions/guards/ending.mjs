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
];
