import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Metrics } from '../../src/platform/telemetry/index.js';
import {
  dies,
  heldBy,
  line,
  machineLag,
  made,
  partner,
  revive,
  say,
  startFailOver,
  watches,
  type FailOverStage,
  type Line,
  type Talk,
} from '../support/fail-over.js';
import { until } from '../support/until.js';
import { webhookReceiver, type Received } from '../support/webhook-receiver.js';

/** From the first thing the holder did not take to the fail-over, by the database's clock. */
function tookMs(lines: readonly Line[], since: Line): number {
  return Date.parse(line(lines, 'holderFailed').at) - Date.parse(since.at);
}

const NOTE = 'conversation:failedOver';

describe('a holder that is dead', () => {
  let stage: FailOverStage;
  beforeAll(async () => {
    stage = await startFailOver();
  });
  afterAll(() => stage?.close());

  /** The bot behaves, and holds a conversation in which the end user writes. */
  async function conversation(): Promise<Talk> {
    stage.bot.receiver.reply(200);
    stage.agent.receiver.reply(200);
    await stage.link(stage.bot, { holderDeadlineSeconds: null });
    const talk = await stage.conversation();
    await stage.writes(talk, 'hi');
    await stage.bot.receiver.next(({ event }) => event.payload.conversation?.id === talk.id && event.payload.message);
    await stage.link(stage.bot, { holderDeadlineSeconds: 1 });
    return talk;
  }

  it.each([
    ['refuses connections', () => dies(stage.bot)],
    ['hangs', () => stage.bot.receiver.reply('hang')],
    ['answers 500', () => stage.bot.receiver.reply(500)],
    ['breaks off', () => stage.bot.receiver.reply('reset')],
    ['answers 404, so that everything is buried', () => stage.bot.receiver.reply(404)],
  ] as const)('R14 that %s loses control at its deadline', async (how, die) => {
    const talk = await conversation();
    await die();
    const late = machineLag(stage);
    await stage.writes(talk, 'are you there?');
    await heldBy(stage, talk.id, 'desk');
    const lag = await late();

    const lines = await stage.timeline(talk.id);
    const { rows } = await stage.sql.query<{ at: Date }>(
      `SELECT at FROM event WHERE conversation_id = $1 AND type = 'messageReceived' ORDER BY seq DESC LIMIT 1`,
      [talk.id],
    );
    const took = tookMs(lines, { ...line(lines, 'holderFailed'), at: rows[0]!.at.toISOString() });
    expect(took).toBeGreaterThanOrEqual(1_000);
    expect(took).toBeLessThanOrEqual(2_000 + lag);
    expect(line(lines, 'holderFailed').data).toMatchObject({
      holder: { name: 'bot' },
      role: 'active',
      why: 'undeliverable',
    });
    expect(lines.filter(({ type }) => type === 'controlPassed').map(({ data }) => data)).toMatchObject([
      { from: { name: 'bot' }, to: { name: 'desk' }, cause: 'holderDead', by: { type: 'system' } },
    ]);
    expect((await stage.transcript(talk)).map(({ words, note }) => note ?? words)).toEqual([
      'hi',
      'are you there?',
      NOTE,
    ]);
    const passed = await stage.agent.receiver.next(
      ({ event }) => event.type === 'switchboard:passControl' && event.payload.conversation.id === talk.id,
    );
    expect(passed.event.payload.metadata).toEqual({ failed: 'bot', why: 'undeliverable' });
    expect((await say(stage.bot, talk, 'here I am')).status).toBe(409);
    expect((await say(stage.agent, talk, 'how can I help?')).status).toBe(201);
    if (how === 'refuses connections') await revive(stage, stage.bot);
  });

  it('R14 that is dead is so at its deadline, however many hours its webhook would be tried', async () => {
    const talk = await conversation();
    const hook = `/integrations/${stage.bot.integrationId}/webhooks/${stage.bot.webhookId}`;
    const days = { schedule: [0, 86_400, 86_400], windowSeconds: 259_200 };
    made(await stage.app.patch(hook, { retryPolicy: days }));
    // The policy is read with the target, a second after it changed at most; this is the first message it can hold for.
    stage.bot.receiver.reply(500);
    await stage.writes(talk, 'are you there?');
    await heldBy(stage, talk.id, 'desk');
    const tried = stage.bot.receiver.received.filter(
      ({ event }) => event.payload.message?.content.text === 'are you there?',
    );
    // At once, and once more before the deadline.
    expect(tried.length).toBeGreaterThanOrEqual(2);
    made(await stage.app.patch(hook, { retryPolicy: null }));
  });

  it('R14 that takes its time, but less than its deadline, is not dead', async () => {
    const talk = await conversation();
    await stage.link(stage.bot, { holderDeadlineSeconds: 2 });
    stage.bot.receiver.reply({ status: 200, delayMs: 1_300 });
    await stage.writes(talk);
    await until(async () => (await watches(stage, talk)) > 0, { what: 'a deadline to be written' });
    await until(async () => (await watches(stage, talk)) === 0, { what: 'the deadline to come' });
    expect(await stage.holder(talk.id)).toBe('bot');
    expect((await stage.timeline(talk.id)).map(({ type }) => type)).not.toContain('holderFailed');
  });

  it('that takes its time for each of many is not dead, however long the last one waits', async () => {
    const talk = await conversation();
    stage.bot.receiver.reply({ status: 200, delayMs: 600 });
    for (const words of ['one', 'two', 'three', 'four']) await stage.writes(talk, words);
    await stage.bot.receiver.next(({ event }) => event.payload.message?.content.text === 'four');
    await until(async () => (await watches(stage, talk)) === 0, { what: 'every deadline to come' });
    expect(await stage.holder(talk.id)).toBe('bot');
  });

  it('that comes back hears everything it missed, in order, and may say nothing', async () => {
    const talk = await conversation();
    stage.bot.receiver.reply(503);
    await stage.writes(talk, 'one');
    await stage.writes(talk, 'two');
    await heldBy(stage, talk.id, 'desk');
    const from = stage.bot.receiver.received.length;
    stage.bot.receiver.reply(200);
    await stage.bot.receiver.next(
      ({ event }) => event.type === 'switchboard:passControl' && event.payload.conversation.id === talk.id,
      { from },
    );
    const seqs = stage.bot.receiver.received
      .slice(from)
      .filter(({ event }) => event.payload.conversation.id === talk.id)
      .map(({ event }) => event.seq!);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(new Set(seqs).size).toBe(seqs.length);
    expect((await say(stage.bot, talk, 'sorry')).status).toBe(409);
    expect((await stage.transcript(talk)).map(({ words, note }) => note ?? words)).toEqual(['hi', 'one', 'two', NOTE]);
  });

  it('on standby is nobody to wait for, until control comes to it', async () => {
    const talk = await conversation();
    await stage.link(stage.agent, { holderDeadlineSeconds: 1 });
    stage.agent.receiver.reply(500);
    await stage.writes(talk, 'one');
    const isOne = ({ event }: Received) =>
      event.payload.message?.content.text === 'one' && event.payload.conversation.id === talk.id;
    // Long enough for its lane to have been looked at, and left alone.
    await until(() => stage.agent.receiver.received.filter(isOne).length >= 3, { what: 'three attempts' });
    await stage.bot.receiver.next(({ event }) => event.payload.message?.content.text === 'one');
    const late = machineLag(stage);
    const passed = await stage.app.post(`/conversations/${talk.id}/passControl`, { switchboardIntegration: 'desk' });
    expect(passed.status).toBe(200);
    await heldBy(stage, talk.id, 'survey');
    const lines = await stage.timeline(talk.id);
    expect(lines.filter(({ type }) => type === 'holderFailed').map(({ data }) => data.holder.name)).toEqual(['desk']);
    const took = tookMs(lines, line(lines, 'controlPassed'));
    expect(took).toBeGreaterThanOrEqual(1_000);
    expect(took).toBeLessThanOrEqual(2_000 + (await late()));
    await stage.link(stage.agent, { holderDeadlineSeconds: null });
  });

  it('is not dead while another webhook of its integration takes what is sent', async () => {
    const talk = await conversation();
    const [dead, alive] = [await webhookReceiver(500), await webhookReceiver()];
    await partner(stage, 'twin', [dead.url, alive.url], { holderDeadlineSeconds: 1 });
    made(await stage.app.post(`/conversations/${talk.id}/passControl`, { switchboardIntegration: 'twin' }));
    await stage.writes(talk);
    await until(async () => (await watches(stage, talk)) > 0, { what: 'a deadline to be written' });
    await until(async () => (await watches(stage, talk)) === 0, { what: 'the deadline to come' });
    expect(await stage.holder(talk.id)).toBe('twin');
    expect(dead.received.length).toBeGreaterThan(0);
    await Promise.all([dead.close(), alive.close()]);
  });

  it('without a deadline keeps control for ever', async () => {
    const talk = await conversation();
    await stage.link(stage.bot, { holderDeadlineSeconds: null });
    stage.bot.receiver.reply(500);
    const seen = stage.bot.receiver.received.length;
    await stage.writes(talk);
    // Long past the deadline of the others: tried again and again.
    await until(() => stage.bot.receiver.received.length >= seen + 4, { what: 'four attempts' });
    expect(await watches(stage, talk)).toBe(0);
    expect(await stage.holder(talk.id)).toBe('bot');
  });

  const OF = 'delivery_id IN (SELECT id FROM delivery WHERE lane = $1)';
  const comes = ({ id }: Talk) =>
    stage.sql.query(`UPDATE holder_watch SET due_at = clock_timestamp() WHERE ${OF}`, [id]);

  it('given more time while it is waited for, has it', async () => {
    const talk = await conversation();
    stage.bot.receiver.reply('hang');
    await stage.link(stage.bot, { holderDeadlineSeconds: 20 });
    await stage.writes(talk);
    await until(async () => (await watches(stage, talk)) > 0, { what: 'a deadline to be written' });
    await stage.link(stage.bot, { holderDeadlineSeconds: 30 });
    // Its first deadline comes: no sooner than it would, were the machine slower than twenty seconds.
    await comes(talk);
    const given = `SELECT FROM holder_watch WHERE ${OF} AND due_at = since + interval '30 seconds'`;
    await until(async () => (await stage.sql.query(given, [talk.id])).rowCount === 1, { what: 'the later deadline' });
    expect(await stage.holder(talk.id)).toBe('bot');
    await stage.link(stage.bot, { holderDeadlineSeconds: 1 });
    await comes(talk);
    await heldBy(stage, talk.id, 'desk');
  });
});

describe('what follows from a dead holder', () => {
  let stage: FailOverStage;
  beforeAll(async () => {
    stage = await startFailOver({
      endSessionEnabled: true,
      disableConversationReopen: true,
      onEnd: { endUser: 'pass:survey' },
    });
    await stage.link(stage.survey, { holderDeadlineSeconds: 1 });
  });
  afterAll(() => stage?.close());

  it('R14 a dead CSAT bot ends the session that waits for it', async () => {
    stage.survey.receiver.reply('hang');
    const talk = await stage.conversation();
    await stage.writes(talk);
    const ended = await stage.user(talk.externalId).post(`/conversations/${talk.id}/end`, { confirmed: true });
    expect(ended.status).toBe(200);
    expect(await stage.holder(talk.id)).toBe('survey');
    await heldBy(stage, talk.id, null);
    const lines = await stage.timeline(talk.id);
    expect(lines.slice(-4).map(({ type }) => type)).toEqual([
      'holderFailed',
      'controlReleased',
      'sessionEnded',
      'conversationClosed',
    ]);
    expect(line(lines, 'controlReleased').data.cause).toBe('holderDead');
    expect(line(lines, 'sessionEnded').data).toMatchObject({
      end: { reason: 'end_user_ended' },
      postEnd: { forced: true },
    });
    stage.survey.receiver.reply(200);
  });

  it('R14 an invited one that is dead is passed over, and at the end of the chain the holder goes on', async () => {
    stage.survey.receiver.reply(500);
    const talk = await stage.conversation();
    await stage.writes(talk);
    const offered = await stage.app.post(`/conversations/${talk.id}/offerControl`, {
      switchboardIntegration: 'survey',
      fallback: ['desk'],
    });
    expect(offered.status).toBe(200);
    const invited = async () => {
      const { conversation } = made(await stage.app.get(`/conversations/${talk.id}`));
      return conversation.pendingSwitchboardIntegration?.name ?? null;
    };
    await until(async () => (await invited()) === 'desk', { what: 'the desk to be invited' });
    made(await stage.agent.call.post(`/conversations/${talk.id}/declineControl`, {}));
    expect(await invited()).toBeNull();
    expect(await stage.holder(talk.id)).toBe('bot');
    const lines = await stage.timeline(talk.id);
    expect(
      lines.slice(-5).map(({ type, data }) => [type, (data.to ?? data.pending ?? data.holder ?? data.last).name]),
    ).toEqual([
      ['controlOffered', 'survey'],
      ['holderFailed', 'survey'],
      ['controlOffered', 'desk'],
      ['controlDeclined', 'desk'],
      ['offersExhausted', 'desk'],
    ]);
    expect(lines.at(-5)?.data.fallback).toMatchObject([{ name: 'desk' }]);
    stage.survey.receiver.reply(200);
  });

  it('R14 a late answer is announced, and moves control only where it is set to', async () => {
    await stage.link(stage.bot, { replyDeadlineSeconds: 1 });
    const talk = await stage.conversation();
    await stage.writes(talk);
    await until(async () => (await stage.timeline(talk.id)).some(({ type }) => type === 'replyOverdue'), {
      what: 'the late answer to be announced',
    });
    expect(await stage.holder(talk.id)).toBe('bot');
    expect((await say(stage.bot, talk, 'hello!')).status).toBe(201);
    const { body } = await stage.started.app.get(Metrics).text();
    expect(body).toMatch(/^switchboard_replies_overdue_total [1-9]/m);
    expect(body).toMatch(/^switchboard_holders_failed_total\{role="active",why="undeliverable"\} [1-9]/m);

    await stage.link(stage.bot, { replyDeadlineAction: 'failOver' });
    await stage.writes(talk);
    await heldBy(stage, talk.id, 'desk');
    expect((await stage.timeline(talk.id)).slice(-3)).toMatchObject([
      { type: 'replyOverdue' },
      { type: 'holderFailed', data: { why: 'reply_overdue' } },
      { type: 'controlPassed', data: { to: { name: 'desk' }, cause: 'holderDead' } },
    ]);
    await stage.link(stage.bot, { replyDeadlineSeconds: null, replyDeadlineAction: 'warn' });
  });

  it('tells the end user in the words of the business, or nothing', async () => {
    await stage.link(stage.bot, { holderDeadlineSeconds: 1 });
    stage.bot.receiver.reply(500);
    const board = `/switchboards/${stage.switchboardId}`;
    for (const failOverNote of ['Einen Moment bitte.', null]) {
      expect(made(await stage.app.patch(board, { failOverNote })).switchboard).toMatchObject({ failOverNote });
      const talk = await stage.conversation();
      await stage.writes(talk, 'hallo?');
      await heldBy(stage, talk.id, 'desk');
      const told = [
        { words: 'hallo?', note: null },
        ...(failOverNote === null ? [] : [{ words: failOverNote, note: NOTE }]),
      ];
      expect(await stage.transcript(talk)).toEqual(told);
    }
    stage.bot.receiver.reply(200);
  });

  it('is set on the switchboard integration, within bounds', async () => {
    const links = `/switchboards/${stage.switchboardId}/switchboardIntegrations`;
    const fields = { holderDeadlineSeconds: 3600, replyDeadlineSeconds: 86_400, replyDeadlineAction: 'failOver' };
    expect(made(await stage.app.patch(`${links}/${stage.agent.id}`, fields)).switchboardIntegration).toMatchObject(
      fields,
    );
    const made30 = made(await stage.app.post(links, { name: 'usual', integrationType: 'partner-usual' }));
    expect(made30.switchboardIntegration).toMatchObject({
      holderDeadlineSeconds: 30,
      replyDeadlineSeconds: null,
      replyDeadlineAction: 'warn',
    });
    for (const bad of [
      { holderDeadlineSeconds: 0 },
      { holderDeadlineSeconds: 3601 },
      { holderDeadlineSeconds: 1.5 },
      { replyDeadlineSeconds: 0 },
      { replyDeadlineSeconds: 86_401 },
      { replyDeadlineAction: 'end' },
    ]) {
      expect([bad, (await stage.app.patch(`${links}/${stage.agent.id}`, bad)).status]).toEqual([bad, 400]);
    }
    for (const failOverNote of ['', 'x'.repeat(513), 7]) {
      expect((await stage.app.patch(`/switchboards/${stage.switchboardId}`, { failOverNote })).status).toBe(400);
    }
  });
});
