import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LeasedPartitions } from '../../../src/ledger/index.js';
import { predecessorIn } from '../../../src/ledger/partitions/predecessor.js';
import { Db } from '../../../src/platform/postgres/index.js';
import { startProxy, type Proxy } from '../../support/proxy.js';
import { testDatabase, type TestDatabase } from '../../support/servers.js';
import { until } from '../../support/until.js';

const LEASE_MS = 1_000;
/** Turns so far apart that nothing happens within a test unless somebody asked for it. */
const LONG_MS = 600_000;
const ALL = Array.from({ length: 256 }, (_, partition) => partition);

describe('leased partitions', () => {
  let database: TestDatabase;
  const open: { db: Db; partitions: LeasedPartitions }[] = [];

  const start = (
    url = database.url,
    prepare: (partitions: LeasedPartitions) => void = () => undefined,
    leaseMs = LEASE_MS,
  ) => {
    const db = new Db(url, 1);
    const partitions = new LeasedPartitions(db, { leaseMs, wanted: true });
    open.push({ db, partitions });
    prepare(partitions);
    partitions.start();
    return partitions;
  };
  const owned = (partitions: LeasedPartitions) => ALL.filter((partition) => partitions.fence(partition) !== null);
  const has = (partitions: LeasedPartitions, count: number) =>
    until(() => owned(partitions).length === count, { what: `${count} partitions` });

  beforeEach(async () => {
    database = await testDatabase();
  });

  afterEach(async () => {
    for (const { db, partitions } of open.splice(0)) {
      await partitions.stop();
      await db.close();
    }
    await database.drop();
  });

  it('shares fairly with one that comes, and never has a partition twice', async () => {
    const first = start();
    await has(first, 256);
    const second = start();
    const twice: number[] = [];
    const watch = setInterval(() => twice.push(...owned(first).filter((p) => second.fence(p) !== null)), 2);
    await has(second, 128);
    clearInterval(watch);
    expect(owned(first)).toHaveLength(128);
    expect(twice).toEqual([]);
  });

  it('hands over at once what one that comes is to have, and what one that goes had', async () => {
    const slow = () => start(database.url, () => undefined, LONG_MS);
    const first = slow();
    await has(first, 256);
    const second = slow();
    await has(second, 128);
    const third = slow();
    await has(third, 84);
    expect([owned(first).length, owned(second).length]).toEqual([86, 86]);
    await second.stop();
    await has(first, 128);
    await has(third, 128);
  });

  it('frees what it gives up only behind what is under way for it', async () => {
    const underWay = new Set([255, 254]);
    const busy = (partitions: LeasedPartitions) => partitions.workedOnBy(() => underWay);
    const first = start(database.url, busy, LONG_MS);
    await has(first, 256);
    const second = start(database.url, () => undefined, LONG_MS);
    await has(second, 126);
    expect([first.fence(254), second.fence(254)]).toEqual([null, null]);
    underWay.clear();
    await has(second, 128);
    expect(second.fence(254)).toBeGreaterThan(1);
  });

  it('frees everything at its stop, for a successor under higher fences', async () => {
    const first = start();
    await has(first, 256);
    const before = first.fence(3) ?? 0;
    await first.stop();
    const stopped = performance.now();
    const second = start();
    await has(second, 256);
    expect(performance.now() - stopped).toBeLessThan(LEASE_MS);
    expect(second.fence(3)).toBeGreaterThan(before);
  });

  it('does not wait for the leases of one that is known to be dead, and touches nobody else', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-leases-'));
    const alive = start();
    await has(alive, 256);
    const dead = start();
    await has(dead, 128);
    const kept = owned(alive).length;
    expect(predecessorIn(dataDir, dead.owner)).toBeNull();
    // Dead as after a kill: it says nothing more, and its leases would run on.
    const halted = jest.spyOn(dead as unknown as { turn(): Promise<true> }, 'turn').mockResolvedValue(true);

    const next = start(database.url, (partitions) => {
      expect(predecessorIn(dataDir, partitions.owner)).toBe(dead.owner);
      partitions.succeed(dead.owner);
    });
    const since = performance.now();
    await has(next, 256 - kept);
    expect(performance.now() - since).toBeLessThan(LEASE_MS / 2);
    expect(owned(alive)).toHaveLength(kept);
    expect(predecessorIn(dataDir, 'the next')).toBe(next.owner);
    halted.mockRestore();
    rmSync(dataDir, { recursive: true });
  });

  it('has lost everything by its own clock before another may take it', async () => {
    const proxy: Proxy = await startProxy(database.url);
    const first = start(proxy.url);
    await has(first, 256);
    proxy.blackHole();
    const second = start();
    let both = 0;
    await until(
      () => {
        if (owned(second).some((partition) => first.fence(partition) !== null)) both += 1;
        return owned(second).length === 256;
      },
      { what: 'the takeover' },
    );
    expect(owned(first)).toEqual([]);
    expect(both).toBe(0);
    await proxy.stop();
  });
});
