import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NatsAccess } from './access-options.js';
import { accessIn, wayIn } from './access.js';
import { placesIn } from './places.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchboard-access-'));
  writeFileSync(join(folder, 'garbage'), 'this is no certificate, no seed and no JWT');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('placesIn', () => {
  it.each([
    ['nats://a', ['a:4222'], null],
    ['nats://a:1, tls://b.example:2', ['a:1', 'b.example:2'], null],
    ['nats://[::1]:4223/', ['[::1]:4223'], null],
    ['nats://u:p@a:1', ['a:1'], { user: 'u', password: 'p' }],
    ['nats://u:1234@a:4223', ['a:4223'], { user: 'u', password: '1234' }],
    ['nats://u:a,b%40%2F@h,nats://u:a,b%40%2F@i', ['h:4222', 'i:4222'], { user: 'u', password: 'a,b@/' }],
    ['nats://u:p@a,nats://b', ['a:4222', 'b:4222'], { user: 'u', password: 'p' }],
    ['nats://t0ken@a', ['a:4222'], { token: 't0ken' }],
  ])('reads %s', (urls, servers, login) => {
    expect(placesIn(urls)).toMatchObject({ servers, login });
  });

  it('wants TLS for all where it is wanted for one', () => {
    expect(placesIn('nats://a').tls).toBe(false);
    expect(placesIn('nats://a,tls://b').tls).toBe(true);
  });

  it.each([
    'a:4222',
    'http://a',
    'nats://',
    'nats://a,,nats://b',
    'nats://a,b:1',
    'nats://a/path',
    'nats://a?tls=true',
    'nats://:s3cret@a',
    'nats://u:s3cret%zz@a',
    'nats://u:s3cret@a,nats://v:s3cret@b',
    'nats://u:s3cret/@a',
  ])('refuses %s in one sentence without the secret', (urls) => {
    let said = '';
    try {
      placesIn(urls);
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(/^[a-z].{10,}$/);
    expect(said).not.toContain('s3cret');
  });
});

describe('wayIn', () => {
  const refused: [NatsAccess, RegExp][] = [
    [{ user: 'u' }, /^user and password belong together/],
    [{ password: 's3cret' }, /^user and password belong together/],
    [{ user: 'u', password: 's3cret', token: 's3cret' }, /^user and token are two ways/],
    [{ token: 's3cret', credsFile: 'garbage' }, /^token and credsFile are two ways/],
    [{ credsFile: 'garbage', nkeySeedFile: 'garbage' }, /^credsFile and nkeySeedFile are two ways/],
    [{ credsFile: 'missing' }, /^credsFile: ENOENT/],
    [{ credsFile: 'garbage' }, /^credsFile: unable to parse/],
    [{ nkeySeedFile: 'garbage' }, /^nkeySeedFile: holds no seed/],
    [{ caFile: 'missing' }, /^caFile: ENOENT/],
    [{ caFile: 'garbage' }, /^caFile: /],
    [{ certFile: 'garbage' }, /^certFile and keyFile belong together/],
    [{ keyFile: 'garbage' }, /^certFile and keyFile belong together/],
    [{ certFile: 'garbage', keyFile: 'garbage' }, /^certFile: /],
    [{ inboxPrefix: '_INBOX.>' }, /^inboxPrefix must be words/],
  ];
  it.each(refused)('refuses %j in one sentence', (access, says) => {
    const inFolder = Object.fromEntries(
      Object.entries(access).map(([name, value]) => [
        name,
        name.endsWith('File') ? join(folder, String(value)) : value,
      ]),
    );
    expect(() => wayIn('nats://a', inFolder)).toThrow(says);
    expect(() => wayIn('nats://a', inFolder)).not.toThrow(/s3cret|\n/);
  });

  it('refuses a user in the URL beside another way', () => {
    expect(() => wayIn('nats://u:p@a', { token: 't' })).toThrow(/^the user in servers and token are two ways/);
  });

  it('asks for TLS by a tls:// and by nothing else', () => {
    expect(wayIn('nats://a').tls).toBeUndefined();
    expect(wayIn('tls://a').tls).toBeDefined();
  });
});

describe('accessIn', () => {
  it('reads what the server reads, secrets from files too', () => {
    const file = join(folder, 'token');
    writeFileSync(file, 't\n');
    expect(accessIn({ NATS_USER: 'u', NATS_PASSWORD: 'p', NATS_CA_FILE: '' })).toEqual({ user: 'u', password: 'p' });
    expect(accessIn({ NATS_TOKEN_FILE: file })).toEqual({ token: 't' });
  });
});
