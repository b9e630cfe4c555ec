import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { depth } from '../../../test/support/depth.js';
import { htmlOfMarkdown, plainText, safeHtml } from './formatted-text.js';

const REL = 'rel="noopener noreferrer nofollow"';

describe('safe HTML', () => {
  it.each([
    ['<p>Hello <b>you</b></p>', '<p>Hello <b>you</b></p>'],
    ['<script>alert(1)</script>after', 'after'],
    ['<p onclick="alert(1)" style="position:fixed" class="x" id="y">on</p>', '<p>on</p>'],
    [
      '<img src="https://example.org/a.png" onerror="alert(1)" alt="A">',
      '<img src="https://example.org/a.png" alt="A" />',
    ],
    ['<img src="javascript:alert(1)">', ''],
    ['<img src="data:image/svg+xml,x">', ''],
    ['<a href="https://example.org/">site</a>', `<a href="https://example.org/" ${REL}>site</a>`],
    [
      '<a href="https://example.org/" rel="opener" target="_blank">site</a>',
      `<a href="https://example.org/" rel="noopener noreferrer nofollow" target="_blank">site</a>`,
    ],
    ['<a href="javascript:alert(1)">site</a>', `<a ${REL}>site</a>`],
    ['<a href="java&#10;script:alert(1)">site</a>', `<a ${REL}>site</a>`],
    ['<a href=" &#14; javascript:alert(1)">site</a>', `<a ${REL}>site</a>`],
    ['<a href="/admin/delete">site</a>', `<a ${REL}>site</a>`],
    ['<a href="//example.org">site</a>', `<a ${REL}>site</a>`],
    ['<iframe src="https://example.org">x</iframe><form action="/"><input name="a">y</form>', 'y'],
    ['<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>z', 'z'],
    ['<math><mtext><img src=x onerror=alert(1)></mtext></math>z', 'z'],
    ['<style>p{display:none}</style><base href="https://example.org/"><meta http-equiv="refresh" content="0">z', 'z'],
    [
      '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>z',
      expect.not.stringContaining('onerror'),
    ],
  ])('%s', (given, safe) => {
    expect(safeHtml(given)).toEqual(safe);
  });

  it('has nothing that runs, whatever it was made from, and is the same when made safe again', () => {
    const tags =
      '<script </script> <a <svg <p <style> </style> <noscript> </noscript> <textarea> <title> <math> <b> </b>';
    const rest =
      '< > " = / & ; <!-- --> ]]> <![CDATA[ x src= href= onerror=alert(1) javascript: https://a.b <img <table';
    const piece = fc.constantFrom(' ', '\n', '\0', "'", ...tags.split(' '), ...rest.split(' '));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const safe = safeHtml(pieces.join(''));
        for (const [tag] of safe.matchAll(/<[^>]*>/g)) {
          expect(tag).not.toMatch(/<\/?(script|style|svg|math|iframe|noscript|textarea|title)/i);
          expect(tag).not.toMatch(/\son\w+=/i);
          expect(tag).not.toMatch(/(href|src)="\s*javascript:/i);
        }
        expect(safeHtml(safe)).toBe(safe);
      }),
      depth(1000),
    );
  });
});

describe('Markdown', () => {
  it.each([
    ['**bold** and *soft*', '<p><strong>bold</strong> and <em>soft</em></p>'],
    ['one\ntwo', '<p>one<br />two</p>'],
    ['[site](https://example.org/)', `<p><a href="https://example.org/" ${REL}>site</a></p>`],
    ['[site](javascript:alert(1))', `<p><a ${REL}>site</a></p>`],
    ['hi <script>alert(1)</script>there', '<p>hi there</p>'],
  ])('%j', (given, html) => {
    expect(safeHtml(htmlOfMarkdown(given))).toBe(html);
  });

  it('that is nested deeper than the stack goes stays as it was written', () => {
    const deep = '>'.repeat(4000);
    expect(plainText(safeHtml(htmlOfMarkdown(deep)))).toBe(deep);
  });

  it('of any length that a message may have is read soon', () => {
    for (const piece of ['[', '*', '_', '`', '> ', '- ', '<', '![', '[a](', '**a', '|-', '&', '~', '\\', '#'])
      for (const text of [
        piece.repeat(4096 / piece.length),
        `${piece.repeat(2000 / piece.length)}\n\n${piece.repeat(90)}`,
      ]) {
        const started = performance.now();
        plainText(safeHtml(htmlOfMarkdown(text)));
        expect([piece, performance.now() - started < 1_000]).toEqual([piece, true]);
      }
  });
});

describe('plain text', () => {
  it.each([
    ['<h1>Title</h1><p>Hello <b>you</b><br>there</p>', 'Title\n\nHello you\nthere'],
    ['<ul><li>one</li><li>two</li></ul>', '* one\n * two'],
    ['<a href="https://example.org/">site</a>', 'site (https://example.org/)'],
    ['<a href="https://example.org/">https://example.org/</a>', 'https://example.org/'],
    ['Tom &amp; Jerry &lt;3', 'Tom & Jerry <3'],
    ['<hr><p></p><div>&nbsp;</div>', ''],
  ])('%s', (html, text) => {
    expect(plainText(html)).toBe(text);
  });
});
