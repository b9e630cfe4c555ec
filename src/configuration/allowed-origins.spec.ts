import { describe, expect, it } from '@jest/globals';
import { allowsOrigin, faultOfOrigins } from './allowed-origins.js';

describe('origins that an app lets in', () => {
  it.each([
    'https://example.org',
    'http://localhost:3000',
    'https://shop.example.org:8443',
    'https://*.example.org',
    'https://*.test.example.org:8443',
    'https://xn--bcher-kva.example',
    'https://[::1]:3000',
  ])('may be %s', (origin) => {
    expect(faultOfOrigins([origin])).toBeNull();
  });

  it.each([
    ['*', '"*"'],
    ['null', '"null"'],
    ['', 'texts'],
    [7, 'texts'],
    [null, 'texts'],
    [`https://${'a'.repeat(300)}.example`, 'texts'],
    ['example.org', 'no origin'],
    ['ftp://example.org', 'no origin'],
    ['https://', 'no origin'],
    ['https://*.0.0.1', 'no origin'],
    ['https://example.org/', 'write https://example.org'],
    ['https://example.org/chat', 'write https://example.org'],
    ['https://example.org?', 'write https://example.org'],
    ['https://u@example.org', 'write https://example.org'],
    ['https://Example.org', 'write https://example.org'],
    ['https://example.org:443', 'write https://example.org'],
    ['https://bücher.example', 'write https://xn--bcher-kva.example'],
    ['https://*.example.org/', 'write https://*.example.org'],
    [' https://example.org', 'write https://example.org'],
    ['https://a.*.example.org', 'star'],
    ['https://*.*.example.org', 'star'],
    ['https://shop*.example.org', 'star'],
    ['http://*.example.org', 'star'],
    ['https://*', 'star'],
    ['https://*.org', 'top-level'],
  ])('are not %j', (origin, reason) => {
    expect(faultOfOrigins([origin])).toContain(reason);
  });

  it('are a list, each once, at most fifty', () => {
    expect(faultOfOrigins([])).toBeNull();
    for (const given of ['https://example.org', {}, null]) expect(faultOfOrigins(given)).toContain('list');
    expect(faultOfOrigins(['https://example.org', 'https://example.org'])).toContain('twice');
    const many = Array.from({ length: 51 }, (_, n) => `https://shop${n}.example.org`);
    expect([faultOfOrigins(many), faultOfOrigins(many.slice(1))]).toEqual([
      expect.stringContaining('at most 50'),
      null,
    ]);
  });
});

describe('a page', () => {
  const allowed = ['https://example.org', 'https://*.example.net', 'http://localhost:3000'];

  it.each(['https://example.org', 'https://a.example.net', 'https://b.a.example.net', 'http://localhost:3000'])(
    'of %s may call',
    (origin) => {
      expect(allowsOrigin(allowed, origin)).toBe(true);
    },
  );

  it.each([
    'null',
    '*',
    '',
    'http://example.org',
    'https://example.org:8443',
    'https://example.org/',
    'https://EXAMPLE.org',
    'https://www.example.org',
    'https://example.org.evil.example',
    'https://notexample.net',
    'https://example.net',
    'https://.example.net',
    'http://a.example.net',
    'https://a.example.net:8443',
    'https://evil.example#.example.net',
    'https://evil.example/.example.net',
    'http://localhost',
    'https://*.example.net',
  ])('of "%s" may not', (origin) => {
    expect(allowsOrigin(allowed, origin)).toBe(false);
  });

  it('may not call an app that lets none in', () => {
    expect(allowsOrigin([], 'https://example.org')).toBe(false);
  });
});
