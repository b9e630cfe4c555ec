/**
 * Writes docs/session-rows.md: every row of a session's life, the tests that prove it and the guards they watch, found by
 * the ids at the start of test titles. `--check` writes nothing and says what is stale or wrong.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { guards } from '../test/sessions/guards/index.mjs';
import { open } from '../test/sessions/open-rows.mjs';
import { rows, sections } from '../test/sessions/rows.mjs';
import { titlesIn } from './test-titles.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const doc = join(root, 'docs', 'session-rows.md');

/** The rows that a title names: `E-3, E-15 needs ...` names two. Decisions (`D1`) may stand among them. */
export function idsOf(title) {
  const ids = [];
  for (const word of title.split(/[\s,:;/]+/)) {
    if (Object.hasOwn(rows, word)) ids.push(word);
    else if (!/^(D\d+|and|&)$/.test(word)) break;
  }
  return ids;
}

/** Row id to the tests that name it, `{file, title}`, in the order of their files. */
export function provedBy() {
  const proofs = new Map();
  for (const file of specFiles()) {
    for (const title of titlesIn(textOf(file))) {
      for (const id of idsOf(title)) proofs.set(id, [...(proofs.get(id) ?? []), { file, title }]);
    }
  }
  return proofs;
}

function specFiles() {
  return ['sdk', 'src', 'test']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)))
    .filter((file) => file.endsWith('.spec.ts'))
    .sort();
}

/** '' for a file that is not there: then nothing is found in it, and that is told. */
const textOf = (file) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '');

/** One line per thing that is wrong with the table; empty when all is well. */
export function rowFaults() {
  const proofs = provedBy();
  const stale = textOf('docs/session-rows.md') !== page(proofs);
  return [
    ...faultsOf({ rows, open, guards, proofs, textOf }),
    ...(stale ? ['docs/session-rows.md is stale: npm run rows, and commit'] : []),
    ...missedPlants(),
  ];
}

function faultsOf(table) {
  const { proofs } = table;
  const known = (id) => Object.hasOwn(table.rows, id);
  const guarded = new Set(table.guards.map(({ row }) => row));
  const isOpen = (id) => !proofs.has(id) || !guarded.has(id);
  return [
    ...table.guards.filter(({ row }) => !known(row)).map(({ row }) => `guard of an unknown row: ${row}`),
    ...table.guards.flatMap((guard) => guardFaults(guard, table)),
    ...table.open.filter((id) => !known(id)).map((id) => `open-rows.mjs lists an unknown row: ${id}`),
    ...table.open.filter((id) => known(id) && !isOpen(id)).map((id) => `${id} is proved: not open any more`),
    ...Object.keys(table.rows)
      .filter((id) => isOpen(id) && !table.open.includes(id))
      .map((id) => `${id} has no ${proofs.has(id) ? 'guard' : 'test that names it'}`),
  ];
}

/** An edit that fits nowhere, or in two places, disables nothing that one can rely on. */
function guardFaults({ row, spec, edits }, { proofs, textOf: read }) {
  const named = (proofs.get(row) ?? []).some(({ file }) => file === spec);
  return [
    ...(named ? [] : [`guard of ${row}: no test in ${spec} names it`]),
    ...edits
      .map(({ file, find }) => ({ file, find, times: read(file).split(find).length - 1 }))
      .filter(({ times }) => times !== 1)
      .map(({ file, find, times }) => `guard of ${row}: ${times} times in ${file}: ${find}`),
  ];
}

const planted = (row, find) => ({ row, spec: 'a.spec.ts', edits: [{ file: 'a.ts', find }] });

/** Checks the check: a table with one fault of each kind must be told of all of them. */
function missedPlants() {
  const found = faultsOf({
    rows: { 'E-1': '', 'E-2': '', 'E-3': '', 'E-4': '' },
    open: ['E-1', 'E-9'],
    guards: [planted('E-1', 'once'), planted('E-1', 'twice'), planted('E-1', 'never'), planted('E-8', 'once')],
    proofs: new Map(
      [...titlesIn("it('E-1, D1 and E-2 hold', f); it.skip('E-3', f); describe('E-4', f)")].flatMap((title) =>
        idsOf(title).map((id) => [id, [{ file: 'a.spec.ts', title }]]),
      ),
    ),
    textOf: () => 'once twice twice',
  });
  return [
    'guard of an unknown row: E-8',
    'guard of E-1: 2 times in a.ts: twice',
    'guard of E-1: 0 times in a.ts: never',
    'guard of E-8: no test in a.spec.ts names it',
    'open-rows.mjs lists an unknown row: E-9',
    'E-1 is proved: not open any more',
    'E-2 has no guard',
    'E-3 has no test that names it',
    'E-4 has no test that names it',
  ]
    .filter((fault) => !found.includes(fault))
    .map((fault) => `the check lets through: ${fault}`);
}

function page(proofs) {
  const proved = Object.keys(rows).filter((id) => !open.includes(id)).length;
  return [
    '# Sessions: what holds, and what proves it',
    '',
    'Made by `node scripts/session-rows.mjs` from `test/sessions/` and from test titles; not edited by hand. A row is',
    'proved when a test names it at the start of its title and fails once the guard in the last column is disabled:',
    '`npm run guards` disables each in turn.',
    '',
    `${proved} of ${Object.keys(rows).length} rows are proved.`,
    ...sections.flatMap((section) => ['', ...sectionTable(section, proofs)]),
    '',
  ].join('\n');
}

function sectionTable(section, proofs) {
  return [
    `## ${section.title}`,
    '',
    '| row | what holds | proved by | fails without |',
    '| --- | --- | --- | --- |',
    ...Object.entries(section.rows).map(
      ([id, what]) => `| ${[id, what, testsCell(proofs.get(id)), guardsCell(id)].map(cell).join(' | ')} |`,
    ),
  ];
}

const testsCell = (tests) => (tests === undefined ? '**not proved yet**' : byFile(tests.map(shortened)));

/** Without the ids in front and what a table of cases fills in. */
function shortened({ file, title }) {
  const words = title.split(' ');
  const from = words.findIndex((word) => idsOf(word).length === 0 && !/^(D\d+|and|&)[,:]?$/.test(word));
  const said = words.slice(from).join(' ');
  return { file, text: said.replace(/[:,]? ?(%[a-z]|\$\w+).*$/, '').replaceAll(/%[a-z]/g, '…') || 'case by case' };
}

function guardsCell(id) {
  const own = guards.filter(({ row }) => row === id);
  if (own.length === 0) return '**no guard yet**';
  return byFile(own.map(({ off, edits: [{ file }] }) => ({ file, text: off })));
}

/** Each file once, behind what there is in it. */
function byFile(found) {
  return [...Map.groupBy(found, ({ file }) => file)]
    .map(([file, texts]) => {
      const name = basename(file).replace(/(\.spec)?\.ts$/, '');
      return `${[...new Set(texts.map(({ text }) => text))].join('; ')} ([${name}](../${file}))`;
    })
    .join('<br>');
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!process.argv.includes('--check')) writeFileSync(doc, page(provedBy()));
  const faults = rowFaults();
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
