import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Sender } from './sender.js';
import { TargetGuard } from './target-guard.js';

/** Hosts that all are, or lead to, something webhooks may not reach. `PORT` is the canary's. */
const FORBIDDEN = [
  // Nine spellings of loopback.
  'http://127.0.0.1:PORT/',
  'http://127.1:PORT/',
  'http://2130706433:PORT/',
  'http://0x7f.1:PORT/',
  'http://0177.0.0.1:PORT/',
  'http://127.0.0.1.:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://[::1]:PORT/',
  'http://localhost:PORT/',
  // More of the same.
  'http://127.0.1:PORT/',
  'http://127.255.255.254:PORT/',
  'http://0x7f000001:PORT/',
  'http://017700000001:PORT/',
  'http://0x7f.0x0.0x0.0x1:PORT/',
  'http://127.0.0.1:PORT@127.0.0.1:PORT/',
  'http://①②⑦.⓪.⓪.①:PORT/',
  'http://127。0。0。1:PORT/',
  'http://%31%32%37.0.0.1:PORT/',
  'http:\\\\127.0.0.1:PORT\\',
  'http://LOCALHOST:PORT/',
  'http://localhost.:PORT/',
  'http://0.0.0.0:PORT/',
  'http://0:PORT/',
  'http://[::]:PORT/',
  'http://[0:0:0:0:0:0:0:1]:PORT/',
  'http://[0:0:0:0:0:ffff:7f00:1]:PORT/',
  'http://[::127.0.0.1]:PORT/',
  'http://[::ffff:0:127.0.0.1]:PORT/',
  // Addresses that carry another one: NAT64, 6to4, Teredo.
  'http://[64:ff9b::7f00:1]:PORT/',
  'http://[64:ff9b:1::7f00:1]:PORT/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[2002:7f00:1::]:PORT/',
  'http://[2002:a9fe:a9fe::]/',
  'http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/',
  // Private, link-local, metadata, shared, documentation, benchmark, multicast, reserved.
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fd00:ec2::254]/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
  'http://[fc00::1]/',
  'http://100.64.0.1/',
  'http://100.100.100.200/',
  'http://192.0.0.192/',
  'http://192.0.2.1/',
  'http://198.18.0.1/',
  'http://198.51.100.1/',
  'http://224.0.0.1/',
  'http://[ff02::1]/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  'http://[2001:db8::1]/',
  'http://[100::1]/',
  // Names, each answering what the resolver of this spec says.
  'http://private.test:PORT/',
  'http://mixed.test:PORT/',
  'http://mixed6.test:PORT/',
  'http://mapped.test:PORT/',
  'http://metadata.test:PORT/',
  'http://nothing.test:PORT/',
  // Credentials in front of a host, and no HTTP at all.
  'http://example.org@127.0.0.1:PORT/',
  'http://example.org:80@private.test:PORT/',
  'http://user:secret@example.org/',
  'ftp://127.0.0.1:PORT/',
  'file:///etc/passwd',
  'data:text/plain,hello',
  'gopher://127.0.0.1:PORT/',
  'not a url',
  '',
];

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'private.test': ['127.0.0.1'],
  'mixed.test': ['93.184.216.34', '127.0.0.1'],
  'mixed6.test': ['2606:4700::1111', '::1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'nothing.test': [],
  localhost: ['127.0.0.1'],
  'localhost.': ['127.0.0.1'],
};

describe('target guard', () => {
  let canary: Server;
  let connections = 0;

  beforeAll(async () => {
    canary = createServer((_, response) => response.end());
    canary.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => canary.close(resolve)));

  const port = () => (canary.address() as AddressInfo).port;
  const at = (target: string) => target.replaceAll('PORT', String(port()));
  const resolver = (names = NAMES) =>
    ((hostname, _, callback) =>
      callback(
        null,
        (names[hostname] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )) as ConstructorParameters<typeof TargetGuard>[1];

  async function send(guard: TargetGuard, target: string) {
    const sender = new Sender({ timeoutMs: 500 }, guard, Date.now);
    const attempt = await sender.send({ target: at(target), secret: 's' }, { eventId: 'e', body: '{}' });
    await sender.close();
    return attempt;
  }

  it('names at least sixty targets', () => expect(FORBIDDEN.length).toBeGreaterThanOrEqual(60));

  it.each(FORBIDDEN)('reaches nobody at %s', async (target) => {
    connections = 0;
    expect(await send(new TargetGuard([], resolver()), target)).toMatchObject({ kind: 'forbidden' });
    expect(connections).toBe(0);
  });

  it('looks at the address it reached, should the first two gates have been fooled', async () => {
    class Fooled extends TargetGuard {
      override parse(target: string): URL {
        return new URL(target);
      }
    }
    const attempt = await send(new Fooled([]), 'http://127.0.0.1:PORT/');
    expect(attempt).toEqual({ kind: 'forbidden', error: 'the connection reached a private address' });
  });

  it('asks anew for each connection, so a name that turns private is caught', async () => {
    const answers: Record<string, readonly string[]> = { 'turning.test': ['127.0.0.1'] };
    const guard = new TargetGuard(['127.0.0.1/32'], resolver(answers));
    expect(await send(guard, 'http://turning.test:PORT/')).toMatchObject({ kind: 'answered', status: 200 });
    answers['turning.test'] = ['127.0.0.1', '10.0.0.1'];
    expect(await send(guard, 'http://turning.test:PORT/')).toMatchObject({ kind: 'forbidden' });
  });

  it('reaches private ranges that are listed, in any spelling, and no others', async () => {
    const guard = new TargetGuard(['127.0.0.0/8', 'fd12::/16'], resolver());
    for (const target of ['http://127.0.0.1:PORT/', 'http://2130706433:PORT/', 'http://private.test:PORT/'])
      expect(await send(guard, target)).toMatchObject({ kind: 'answered', status: 200 });
    expect(guard.allows('::ffff:127.0.0.1')).toBe(true);
    expect(guard.allows('fd12::5')).toBe(true);
    expect(guard.allows('fd13::5')).toBe(false);
    expect(guard.allows('10.0.0.1')).toBe(false);
  });

  it.each(['8.8.8.8', '93.184.216.34', '2606:4700::1111', '2a00:1450:4001:800::200e'])('lets %s pass', (address) => {
    expect(new TargetGuard([]).allows(address)).toBe(true);
  });
});
