/**
 * Writes docs/sessions.md: every row of a session's life, the tests that prove it and the guards they watch, found by
 * the ids at the start of test titles. `--check` writes nothing and says what is stale or wrong.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { guards } from '../test/sessions/guards/index.mjs';
import { open } from '../test/sessions/open-rows.mjs';
import { rows, sections } from '../test/sessions/rows.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const doc = join(root, 'docs', 'sessions.md');

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
    for (const title of titlesIn(file)) {
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

/** Titles of the tests that run, not of groups; with `%s` in front, the first column of the table. */
function titlesIn(file) {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ESNext, false);
  const titles = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && isTest(node.expression)) titles.push(...titlesOf(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

/** `it`, `test`, and `it.each(table)`; not `it.skip` or `it.todo`, which prove nothing. */
function isTest(callee) {
  if (ts.isIdentifier(callee)) return callee.text === 'it' || callee.text === 'test';
  return tableOf(callee) !== null;
}

function tableOf(callee) {
  if (!ts.isCallExpression(callee) || !ts.isPropertyAccessExpression(callee.expression)) return null;
  const { expression, name } = callee.expression;
  return name.text === 'each' && isTest(expression) ? callee.arguments[0] : null;
}

function titlesOf({ expression, arguments: [title] }) {
  if (title === undefined) return [];
  const text = ts.isTemplateExpression(title) ? title.head.text : (title.text ?? '');
  const cases = tableOf(expression);
  if (!text.startsWith('%s') || cases === null) return [text];
  return firstColumn(cases).map((value) => text.replace('%s', value));
}

function firstColumn(cases) {
  const list = ts.isAsExpression(cases) ? cases.expression : cases;
  if (!ts.isArrayLiteralExpression(list)) return [];
  return list.elements
    .map((row) => (ts.isArrayLiteralExpression(row) ? row.elements[0] : row))
    .filter((first) => first !== undefined && ts.isStringLiteralLike(first))
    .map((first) => first.text);
}

/** One line per thing that is wrong with the table; empty when all is well. */
export function rowFaults() {
  const proofs = provedBy();
  const guarded = new Set(guards.map(({ row }) => row));
  const isOpen = (id) => !proofs.has(id) || !guarded.has(id);
  return [
    ...guards.filter(({ row }) => !Object.hasOwn(rows, row)).map(({ row }) => `guard of an unknown row: ${row}`),
    ...guards.flatMap(guardFaults),
    ...open.filter((id) => !Object.hasOwn(rows, id)).map((id) => `open-rows.mjs lists an unknown row: ${id}`),
    ...open.filter((id) => Object.hasOwn(rows, id) && !isOpen(id)).map((id) => `${id} is proved: not open any more`),
    ...Object.keys(rows)
      .filter((id) => isOpen(id) && !open.includes(id))
      .map((id) => `${id} has no ${proofs.has(id) ? 'guard' : 'test that names it'}`),
    ...(readFileSync(doc, 'utf8') === page(proofs) ? [] : ['docs/sessions.md is stale: node scripts/session-rows.mjs']),
  ];
}

/** A mutation that fits nowhere, or in two places, disables nothing that one can rely on. */
function guardFaults({ row, spec, edits }) {
  const named = titlesIn(spec).some((title) => idsOf(title).includes(row));
  return [
    ...(named ? [] : [`guard of ${row}: no test in ${spec} names it`]),
    ...edits
      .map(({ file, find }) => ({ file, find, times: readFileSync(join(root, file), 'utf8').split(find).length - 1 }))
      .filter(({ times }) => times !== 1)
      .map(({ file, find, times }) => `guard of ${row}: ${times} times in ${file}: ${find}`),
  ];
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
    ...sections.flatMap((section) => ['', ...table(section, proofs)]),
    '',
  ].join('\n');
}

function table(section, proofs) {
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

const testsCell = (tests) => {
  if (tests === undefined) return '**not proved yet**';
  return tests.map(({ file, title }) => `\`${file}\`: ${title}`).join('<br>');
};

function guardsCell(id) {
  const own = guards.filter(({ row }) => row === id);
  if (own.length === 0) return '**no guard yet**';
  return own.map(({ off, edits }) => `${off} (\`${relative('src', edits[0].file)}\`)`).join('<br>');
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!process.argv.includes('--check')) writeFileSync(doc, page(provedBy()));
  const faults = rowFaults();
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
