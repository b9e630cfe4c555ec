import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '../../platform/http/index.js';
import { storedContent } from './contents.js';
import type { PostedContent } from './posted-content.js';

const stored = (content: object): Record<string, unknown> => storedContent(content as PostedContent);
const refusal = (content: object): unknown => {
  try {
    return stored(content);
  } catch (error) {
    return error;
  }
};

describe('formatted text', () => {
  it('is kept as safe HTML, with the same words as text', () => {
    expect(stored({ type: 'text', htmlText: '<p onclick="x()">Hello <b>you</b></p><script>x()</script>' })).toEqual({
      type: 'text',
      htmlText: '<p>Hello <b>you</b></p>',
      text: 'Hello you',
    });
  });

  it('comes back as HTML when it was Markdown, never as Markdown', () => {
    expect(stored({ type: 'text', markdownText: 'Hello **you**' })).toEqual({
      type: 'text',
      htmlText: '<p>Hello <strong>you</strong></p>',
      text: 'Hello you',
    });
  });

  it('keeps the text that was given beside it', () => {
    const both = { type: 'text', text: 'In short', htmlText: '<p>At length</p>' };
    expect(stored(both)).toEqual(both);
    expect(stored({ ...both, text: ' ' })).toMatchObject({ text: 'At length' });
  });

  it('is refused when nothing of it is to be seen', () => {
    for (const htmlText of [
      '<p></p>',
      '<b>&nbsp;</b>',
      '<script>alert(1)</script>',
      '<!-- hello -->',
      '<p>&#8203;</p>',
    ])
      expect([htmlText, refusal({ type: 'text', htmlText })]).toEqual([htmlText, expect.any(InvalidInput)]);
    for (const markdownText of ['<script>x</script>', '<!-- a -->', '&nbsp;'])
      expect([markdownText, refusal({ type: 'text', markdownText })]).toEqual([markdownText, expect.any(InvalidInput)]);
  });

  it('may be empty beside words, buttons or media', () => {
    const actions = [{ type: 'reply', text: 'Yes', payload: 'YES' }];
    expect(stored({ type: 'text', text: 'Hi', htmlText: '<p></p>' })).toEqual({ type: 'text', text: 'Hi' });
    expect(stored({ type: 'text', htmlText: '<p></p>', actions })).toEqual({ type: 'text', text: '', actions });
    expect(stored({ type: 'image', mediaUrl: 'https://example.org/', htmlText: '<i></i>' })).toEqual({
      type: 'image',
      mediaUrl: 'https://example.org/',
      text: '',
    });
  });

  it('says the words of media too', () => {
    const image = { type: 'image', mediaUrl: 'https://example.org/a.png', altText: 'A' };
    expect(stored({ ...image, markdownText: '*Look*' })).toEqual({
      ...image,
      htmlText: '<p><em>Look</em></p>',
      text: 'Look',
    });
  });

  it('is text alone when its HTML is longer than clients read, and the text is cut where they stop', () => {
    const long = stored({ type: 'text', markdownText: '*a* '.repeat(1024) });
    expect(long['htmlText']).toBeUndefined();
    expect(long['text']).toBe('a '.repeat(1024).trim());
    const links = stored({ type: 'text', htmlText: `<p>${'<a href="https://x.org">😀</a>'.repeat(130)}</p>` });
    expect([...(links['text'] as string)].length).toBeLessThanOrEqual(4096);
    expect(stored({ type: 'text', htmlText: '😀'.repeat(4096) })['htmlText']).toBe('😀'.repeat(4096));
  });
});

describe('a picture or a file that nobody described', () => {
  it.each([
    ['https://example.org/files/report%202026.pdf?x=1#y', 'report 2026.pdf'],
    ['https://example.org/%00.png', '%00.png'],
    ['https://example.org/%ff.png', '%ff.png'],
    [`https://example.org/${'x'.repeat(200)}.png`, 'x'.repeat(128)],
  ])('%s is called by its name', (mediaUrl, altText) => {
    expect(stored({ type: 'image', mediaUrl })).toEqual({ type: 'image', mediaUrl, altText });
    expect(stored({ type: 'file', mediaUrl })).toEqual({ type: 'file', mediaUrl, altText });
    const item = { title: 'One', mediaUrl, actions: [{ type: 'postback', text: 'Go', payload: 'GO' }] };
    expect(stored({ type: 'carousel', items: [item] })).toMatchObject({ items: [{ ...item, altText }] });
  });

  it('stays without a description where the address has no name', () => {
    expect(stored({ type: 'file', mediaUrl: 'https://example.org/' })).not.toHaveProperty('altText');
    const item = { title: 'One', actions: [] };
    expect(stored({ type: 'list', items: [item] })['items']).toEqual([item]);
  });

  it('keeps the description that it has', () => {
    expect(stored({ type: 'image', mediaUrl: 'https://example.org/a.png', altText: '' })['altText']).toBe('');
  });
});

describe('what the wire calls read-only', () => {
  const go = { type: 'postback', text: 'Go', payload: 'GO' };
  const site = { type: 'link', text: 'Site', uri: 'https://example.org/' };

  it('carousels and lists in words: items with their links, without images and postbacks', () => {
    const items = [
      { title: 'One', description: 'The first', mediaUrl: 'https://example.org/a.png', actions: [go, site] },
      { title: 'Two', actions: [{ type: 'webview', text: 'Open', uri: 'https://a.org/', fallback: 'https://b.org/' }] },
    ];
    const words = 'One\nThe first\nSite https://example.org/\n\nTwo\nOpen https://b.org/';
    expect(stored({ type: 'carousel', items })['text']).toBe(words);
    expect(stored({ type: 'list', items, actions: [go] })['text']).toBe(words);
    expect(stored({ type: 'list', items, actions: [site] })['text']).toBe(`${words}\n\nSite https://example.org/`);
  });

  it('locations in words: the place, and where it is on a map', () => {
    const coordinates = { lat: 38.7, long: -9.1 };
    const map = 'https://maps.google.com/maps?q=38.7,-9.1';
    expect(stored({ type: 'location', coordinates })).toEqual({ type: 'location', coordinates, text: map });
    const location = { name: 'Office', address: '' };
    expect(stored({ type: 'location', coordinates, location })['text']).toBe(`Office\n${map}`);
  });

  it('a form begins unanswered', () => {
    expect(stored({ type: 'form', fields: [] })).toEqual({ type: 'form', fields: [], submitted: false });
  });

  it('currencies are in lower case', () => {
    const buy = { type: 'buy', text: 'Buy', amount: 999, currency: 'EUR' };
    expect(stored({ type: 'text', actions: [buy] })['actions']).toEqual([{ ...buy, currency: 'eur' }]);
  });
});
