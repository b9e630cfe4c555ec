import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { DemoGuides } from '../../../src/banner.js';
import { Config, loadConfig } from '../../../src/platform/config/index.js';
import { Db } from '../../../src/platform/postgres/index.js';
import { SecretBox } from '../../../src/platform/secrets/index.js';
import { Allow, Public } from '../../../src/tenancy/index.js';
import { DeclaredRoutes } from '../../../src/tenancy/auth/declared-routes.js';
import { AccountKey } from '../../../src/tenancy/keys/account-key.js';
import { KeysStore } from '../../../src/tenancy/keys/keys.store.js';
import { testDatabase } from '../../support/servers.js';
import { basic, openStage } from './stage.js';

describe('a start', () => {
  const cleanUps: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  });
  const ownFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'switchboard-start-'));
    cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  };

  it('with the demo on makes one app that works, and the next ones find it', async () => {
    // Nobody has made it: PostgreSQL, NATS and the master key are from elsewhere.
    const dataDir = join(ownFolder(), 'data');
    const SWITCHBOARD_MASTER_KEY = 'ab'.repeat(32);
    const settings = { SWITCHBOARD_DEMO: 'on', SWITCHBOARD_DATA_DIR: dataDir, SWITCHBOARD_MASTER_KEY };
    const stage = await openStage({ settings });
    cleanUps.push(() => stage.close());
    const guides = stage.started.app.get(DemoGuides, { strict: false });
    const guide = await guides.guide();
    expect(await guides.guide()).toEqual(guide);
    expect((await stage.account.get('/v2/apps')).body.apps).toHaveLength(1);

    const file = join(dataDir, 'demo.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const demo = JSON.parse(readFileSync(file, 'utf8'));
    expect(guide).toEqual({
      appId: demo.appId,
      keyId: demo.appKey.id,
      secret: demo.appKey.secret,
      conversationId: demo.conversationId,
      passTo: 'desk',
    });
    const path = `/v2/apps/${demo.appId}/conversations/${demo.conversationId}`;
    const key = stage.as(basic(demo.appKey));
    const holder = async () => (await key.get(path)).body.conversation.activeSwitchboardIntegration.name;
    expect(await holder()).toBe('faq-bot');
    const bot = stage.as(basic(demo.integrations['faq-bot'].key));
    expect((await bot.post(`${path}/passControl`, { switchboardIntegration: 'next' })).status).toBe(200);
    expect(await holder()).toBe('desk');
  });

  it('without an account key makes one, prints it once and never again', async () => {
    const database = await testDatabase();
    cleanUps.push(() => database.drop());
    const db = new Db(database.url, 2);
    cleanUps.push(() => db.close());
    const config: Config = loadConfig({ SWITCHBOARD_DATA_DIR: ownFolder(), DATABASE_URL: database.url });
    const keys = new KeysStore(db, new SecretBox(config.masterKey));
    const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    cleanUps.push(() => printed.mockRestore());
    const starts = [1, 2, 3].map(() => new AccountKey(config, db, keys));
    await Promise.all(starts.map((start) => start.onApplicationBootstrap()));
    const lines = printed.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('Account key'));
    expect(lines).toHaveLength(1);
    const [, id = '', secret] = /(act_[0-9a-f]{24}):(\S+)/.exec(lines[0] ?? '') ?? [];
    expect(await keys.open(id)).toEqual({ principal: { scope: 'account', keyId: id }, secret });
  });

  it('refuses a route that says nothing of who may call it', async () => {
    @Controller('silent')
    class Silent {
      @Get() forgotten(): void {}
      @Public() @Get('open') open(): void {}
      @Allow('app') @Get('closed') closed(): void {}
    }
    const starting = async () => {
      const module = await Test.createTestingModule({
        imports: [DiscoveryModule],
        controllers: [Silent],
        providers: [DeclaredRoutes],
      }).compile();
      await module.init();
    };
    await expect(starting()).rejects.toThrow('routes without @Allow or @Public: Silent.forgotten');
  });
});
