import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import request from 'supertest';
import { Drain } from '../../../src/platform/lifecycle/index.js';
import { startApp, type StartedApp } from '../../support/app.js';
import { startPostgres } from '../../support/servers.js';
import { until } from '../../support/until.js';

let started: StartedApp | undefined;
afterEach(() => started?.close());

const readiness = async (url: string) => {
  const { status, body } = await request(url).get('/health/ready');
  return { status, ...(body as { postgres: string; nats: string; draining: boolean }) };
};

describe('health and figures', () => {
  it('is live and ready, and counts requests by route, not by path', async () => {
    started = await startApp();
    const { url } = started;
    expect((await request(url).get('/health/live')).status).toBe(200);
    await until(async () => (await readiness(url)).nats === 'connected', { what: 'NATS' });
    expect(await readiness(url)).toMatchObject({ status: 200, postgres: 'reachable', draining: false });
    await request(url).get('/no/such/path');
    const { text, headers } = await request(url).get('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(text).toMatch(/switchboard_http_request_seconds_count\{[^}]*route="\/health\/ready"[^}]*\} \d/);
    expect(text).toContain('route="unknown"');
    expect(text).not.toContain('no/such/path');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('is ready without NATS, says so, and is not ready without PostgreSQL', async () => {
    const postgres = await startPostgres();
    try {
      started = await startApp({ settings: { DATABASE_URL: postgres.url, NATS_URL: 'nats://127.0.0.1:1' } });
      const { url } = started;
      expect(await readiness(url)).toMatchObject({ status: 200 });
      expect((await readiness(url)).nats).not.toBe('connected');
      postgres.kill();
      await until(async () => (await readiness(url)).status === 503, { what: 'unready' });
      await postgres.restart();
      await until(async () => (await readiness(url)).status === 200, { what: 'ready again' });
    } finally {
      await started?.close();
      await postgres.stop();
    }
  });
});

describe('a process without the role api', () => {
  it('answers machines, and nobody else', async () => {
    started = await startApp({ settings: { SWITCHBOARD_ROLES: 'timers' } });
    const { url } = started;
    expect((await request(url).get('/health/ready')).status).toBe(200);
    expect((await request(url).get('/metrics')).status).toBe(200);
    for (const path of ['/v2/apps', '/no/such/path', '/healthy']) {
      const { status, body } = await request(url).get(path);
      expect([path, status, body.errors?.[0]?.code]).toEqual([path, 503, 'unavailable']);
    }
  });
});

describe('the drain', () => {
  it('answers what is in flight, refuses what is new, and does not wait for idle connections', async () => {
    const slow = slowRoute();
    started = await startApp({ prepare: slow.add });
    const { url, app } = started;
    const idle = await idleConnection(url);
    const inFlight = request(url)
      .get('/slow')
      .then((response) => response);
    await slow.reached;
    const ended = started.close();
    await until(() => refused(url), { what: 'new connections to be refused' });
    expect(app.get(Drain).draining).toBe(true);
    slow.answer();
    expect((await inFlight).body).toEqual({ answered: true });
    const since = performance.now();
    expect(await ended).toEqual({ outcome: 'clean' });
    expect(performance.now() - since).toBeLessThan(3_000);
    idle.destroy();
  });

  it('says 503 from its first moment, while requests still come', async () => {
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    started = await startApp({ prepare: (app) => app.get(Drain).add('unready', 'held by the spec', () => held) });
    const ended = started.close();
    expect(await readiness(started.url)).toMatchObject({ status: 503, draining: true });
    expect((await request(started.url).get('/health/live')).status).toBe(200);
    goOn();
    expect(await ended).toEqual({ outcome: 'clean' });
  });

  it('gives up at the deadline and names what is left', async () => {
    const slow = slowRoute();
    started = await startApp({ prepare: slow.add, settings: { SWITCHBOARD_DRAIN_SECONDS: '1' } });
    const cut = request(started.url)
      .get('/slow')
      .then(
        () => 'answered',
        () => 'cut',
      );
    await slow.reached;
    expect(await started.app.get(Drain).run(1_000)).toEqual({ outcome: 'forced', left: ['HTTP'] });
    slow.answer();
    expect(await cut).toBe('answered');
    await until(() => refused(started?.url ?? ''), { what: 'the rest to stop' });
  });
});

/** A route that answers when it is told to. */
function slowRoute() {
  let answer = (): void => undefined;
  let reach = (): void => undefined;
  const told = new Promise<void>((resolve) => (answer = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const add = (app: NestFastifyApplication): void => {
    const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    fastify.get('/slow', async () => {
      reach();
      await told;
      return { answered: true };
    });
  };
  return { add, reached, answer: () => answer() };
}

/** A connection that asked once and is kept open. */
async function idleConnection(url: string): Promise<Agent> {
  const agent = new Agent({ keepAlive: true });
  const asked = get(`${url}/health/live`, { agent });
  const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');
  return agent;
}

function refused(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('connect', () => resolve(false)).on('error', () => resolve(true));
    socket.unref();
  });
}
