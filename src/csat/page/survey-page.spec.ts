import { describe, expect, it } from '@jest/globals';
import { defaultCsat } from '../../configuration/index.js';
import { askingOf } from '../asking/asking.js';
import { filledIn } from './filled-in.js';
import { PAGE_HEADERS, questionPage, saidPage, unknownPage } from './survey-page.js';

const nasty = `<script>alert("1")</script>' onload=x`;
const form = {
  ...defaultCsat.form,
  languages: { de: { question: nasty, comment: nasty, submit: nasty, thanks: nasty } },
};
const asking = askingOf({ ...defaultCsat, form }, 'de');

describe('the page of a survey', () => {
  it('shows words of apps and of end users as words', () => {
    const pages = [questionPage(asking), questionPage(asking, { comment: nasty }), saidPage(asking.words, 'thanks')];
    for (const html of pages) {
      expect(html).not.toContain('<script');
      expect(html).not.toContain(`' onload`);
      expect(html).toContain('&lt;script&gt;');
    }
  });

  it('names its language, and a label for every field', () => {
    const html = questionPage(askingOf(defaultCsat, 'fr-CA'));
    expect(html).toContain('<html lang="fr" dir="ltr">');
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const labels = [...html.matchAll(/<label for="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['score-1', 'score-2', 'score-3', 'score-4', 'score-5', 'comment']);
    expect(labels).toEqual(ids);
    expect(html).toContain('<legend>');
    const arabic = askingOf({ ...defaultCsat, form: { ...form, languages: { ar: {} } } }, 'ar');
    expect(questionPage(arabic)).toContain('<html lang="ar" dir="rtl">');
  });

  it('says what is missing, and keeps what was written', () => {
    const html = questionPage(askingOf(defaultCsat, 'en'), { comment: 'so far' });
    expect(html).toContain('<fieldset aria-describedby="error">');
    expect(html).toContain('<p class="error" id="error" role="alert">Please choose a rating.</p>');
    expect(html).toContain('>so far</textarea>');
  });

  it('asks for words only where the app does', () => {
    const silent = askingOf({ ...defaultCsat, form: { ...defaultCsat.form, comment: false } }, null);
    expect(questionPage(silent)).not.toContain('textarea id');
  });

  it('allows nothing but its own style and form', () => {
    expect(PAGE_HEADERS['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(unknownPage()).not.toMatch(/ (style|on\w+|src|href)=/);
    expect(questionPage(askingOf(defaultCsat, 'de'))).not.toMatch(/ (style|on\w+|src|href)=/);
  });
});

describe('what was filled in', () => {
  it.each([
    [
      { score: '5', comment: ' fine\r\n' },
      { score: 5, comment: 'fine' },
    ],
    [{ score: '0' }, { score: 0, comment: '' }],
    [{ score: '10' }, { score: 10, comment: '' }],
    [{ score: 5 }, { score: Number.NaN, comment: '' }],
    [{ score: '-1' }, { score: Number.NaN, comment: '' }],
    [{ score: '1e1' }, { score: Number.NaN, comment: '' }],
    [{ score: '' }, { score: Number.NaN, comment: '' }],
    [{ comment: 'a\0b\ud800' }, { score: Number.NaN, comment: 'ab\ufffd' }],
    [null, { score: Number.NaN, comment: '' }],
    ['score=5', { score: Number.NaN, comment: '' }],
  ])('%j', (body, read) => {
    expect(filledIn(body)).toEqual(read);
  });

  it('is cut where the row would not hold it', () => {
    expect(filledIn({ comment: 'x'.repeat(5_000) }).comment).toHaveLength(1_000);
    expect(filledIn({ comment: '😀'.repeat(5_000) }).comment).toBe('😀'.repeat(1_000));
  });
});
