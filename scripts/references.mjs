/**
 * Every page, section and code that a comment, a test title or a page names must be found in the repository. `npm run
 * check` asks; `test/rules/references.txt` plants references that lead nowhere, which must all be caught.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const PLANTS = 'test/rules/references.txt';

/** A page, perhaps an anchor, and what may follow: a section (`3.6`, `2.2a`) or a decision (`D5`). */
const PAGE = /([\w./-]*\w\.md)(#[\w-]+)?[`)]?(?: (\d+(?:\.\d+)*[a-z]?|D\d+)\b)?/g;
/** Invariants and reliability, as `docs/invariants.md` lists them. */
const CODE = /(?<![\w'"`-])([IR]\d{1,2})(?![\w'"`-])/g;
const COMMENT = /^\s*(\/\/|\*|\/\*)|\b(it|describe|test)(\.each)?\(/;

const pages = new Map();

/** @returns {string[]} one line for each reference that leads nowhere, and for each planted one that was let through */
export function referenceFaults() {
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n').filter(isRead);
  const planted = read(PLANTS)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const missed = planted.filter((line) => faultsOf(PLANTS, line).length === 0);
  if (planted.length === 0) missed.push('nothing');
  return [
    ...files.flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, at) => faultsIn(file, line, at + 1)),
    ),
    ...missed.map((line) => `${PLANTS} was let through: ${line}`),
  ];
}

const isRead = (file) =>
  /\.(ts|mjs|cjs|md)$/.test(file) && file !== PLANTS && !file.startsWith('test/rules/') && existsSync(join(root, file));

const faultsIn = (file, line, at) => faultsOf(file, line).map((fault) => `${file}:${at} ${fault}`);

function faultsOf(file, line) {
  const links = [...line.matchAll(PAGE)].flatMap(([, name, anchor, section]) =>
    faultOfPage(file, name, anchor, section),
  );
  const isCode = !file.endsWith('.md') && (COMMENT.test(line) || file === PLANTS);
  const codes = isCode ? [...line.matchAll(CODE)].map(([, code]) => code) : [];
  const unknown = codes.filter((code) => !textOf('docs/invariants.md').includes(`| ${code} |`));
  return [...links, ...unknown.map((code) => `${code} is not in docs/invariants.md`)];
}

function faultOfPage(file, name, anchor, section) {
  const page = [join(dirname(file), name), name, join('docs', name)].find((path) => existsSync(join(root, path)));
  if (page === undefined) return [`there is no page ${name}`];
  if (anchor !== undefined && !anchorsOf(page).has(anchor.slice(1))) return [`${page} has no heading ${anchor}`];
  if (section !== undefined && !hasSection(page, section)) return [`${page} has no section ${section}`];
  return [];
}

/** A heading, a point or a row with this number, or a point of a numbered list; a page without numbers has all of them. */
function hasSection(page, section) {
  const text = textOf(page);
  if (!/^#+ \d/m.test(text)) return true;
  if (new RegExp(`^(#+|\\||- \\*\\*|-) ?${section.replaceAll('.', '\\.')}(?![\\d.]\\d)\\b`, 'm').test(text))
    return true;
  const [, chapter, point] = /^(\d+)\.(\d+)$/.exec(section) ?? [];
  return chapter !== undefined && new RegExp(`^${point}\\. `, 'm').test(chapterOf(text, chapter));
}

const chapterOf = (text, chapter) => text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${chapter} `)) ?? '';

function anchorsOf(page) {
  const headings = [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

function textOf(page) {
  if (!pages.has(page)) pages.set(page, read(page));
  return pages.get(page);
}

const read = (file) => readFileSync(join(root, file), 'utf8');
