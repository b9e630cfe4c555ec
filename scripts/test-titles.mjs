/** Reads the titles of tests out of spec files, without running them. */
import ts from 'typescript';

/** Titles of the tests that run, not of groups; with `%s` in front, the first column of the table. */
export function titlesIn(text) {
  const source = ts.createSourceFile('a.spec.ts', text, ts.ScriptTarget.ESNext, false);
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
