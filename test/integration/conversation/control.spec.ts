import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDesk, text, userText, type Answered, type Desk } from '../../support/desk.js';
import { until } from '../../support/until.js';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
}, 60_000);
afterAll(() => desk?.close());

const at = (id: string, action: string): string => `/conversations/${id}/${action}`;
const shown = async (id: string) => (await desk.app.get(`/conversations/${id}`)).body.conversation;

describe('control actions', () => {
  it('begin with the default responder in control', async () => {
    const { id } = await desk.conversation();
    const conversation = await shown(id);
    expect(conversation.activeSwitchboardIntegration).toEqual({
      id: desk.bot.id,
      name: 'bot',
      integrationId: desk.bot.integrationId,
      integrationType: 'custom',
    });
    expect(conversation).not.toHaveProperty('pendingSwitchboardIntegration');
    expect(conversation.controlEpoch).toBe(1);
  });

  it('offer, accept and release move control and answer {} with the place reached', async () => {
    const { id } = await desk.conversation();
    const offered = await desk.bot.call.post(at(id, 'offerControl'), { switchboardIntegration: 'desk' });
    expect([offered.status, offered.body]).toEqual([200, {}]);
    expect((await shown(id)).pendingSwitchboardIntegration.name).toBe('desk');

    const accepted = await desk.agent.call.post(at(id, 'acceptControl'), {});
    expect([accepted.status, accepted.body]).toEqual([200, {}]);
    expect(accepted.headers.get('switchboard-control-epoch')).toBe('2');
    expect((await shown(id)).activeSwitchboardIntegration.name).toBe('desk');

    expect((await desk.agent.call.post(at(id, 'releaseControl'))).status).toBe(200);
    expect(await shown(id)).not.toHaveProperty('activeSwitchboardIntegration');
  });

  it('answer 403 to whoever may not accept, decline or release', async () => {
    const { id } = await desk.conversation();
    await desk.bot.call.post(at(id, 'offerControl'), { switchboardIntegration: 'desk' });
    for (const action of ['acceptControl', 'declineControl']) {
      const refused = await desk.survey.call.post(at(id, action), {});
      expect([refused.status, refused.body.errors[0].code]).toEqual([403, 'forbidden']);
    }
    expect((await desk.agent.call.post(at(id, 'releaseControl'))).status).toBe(403);
    expect((await desk.agent.call.post(at(id, 'declineControl'), {})).body).toEqual({});
    expect(await shown(id)).not.toHaveProperty('pendingSwitchboardIntegration');
  });

  it('answer 200 to an unknown target, and 400 with its code when handling is strict', async () => {
    const { id } = await desk.conversation();
    const body = { switchboardIntegration: 'nobody', metadata: { why: 'test' } };
    expect((await desk.app.post(at(id, 'passControl'), body)).status).toBe(200);
    const strict = await desk.app.post(at(id, 'passControl'), body, { prefer: 'respond-async, handling=strict' });
    expect([strict.status, strict.body.errors[0].code]).toEqual([400, 'switchboard_invalid_target']);
    expect((await shown(id)).activeSwitchboardIntegration.name).toBe('bot');
  });

  it('tell what is wrong with the body before they look at the conversation', async () => {
    const gone = at('0123456789abcdef01234567', 'passControl');
    const missing = await desk.app.post(gone, {});
    expect([missing.status, missing.body.errors[0].title]).toEqual([
      400,
      "should have required property 'switchboardIntegration'",
    ]);
    const nested = await desk.app.post(gone, { switchboardIntegration: 'desk', metadata: { a: { b: 1 } } });
    expect(nested.status).toBe(400);
    const large = await desk.app.post(gone, { switchboardIntegration: 'desk', metadata: { a: 'x'.repeat(4096) } });
    expect(large.status).toBe(400);
    const unknown = await desk.app.post(gone, { switchboardIntegration: 'desk' });
    expect([unknown.status, unknown.body.errors[0].code]).toEqual([404, 'conversation_not_found']);
    expect((await desk.app.post(at('no-id', 'passControl'), { switchboardIntegration: 'desk' })).status).toBe(404);
  });

  it('let an offer lapse', async () => {
    const { id } = await desk.conversation();
    await desk.bot.call.post(at(id, 'offerControl'), { switchboardIntegration: 'desk', expiresInSeconds: 1 });
    const expired = async () => {
      const { body } = await desk.app.get(`${at(id, 'timeline')}?page[size]=100`);
      return body.timeline.find(({ type }: { type: string }) => type === 'offerExpired');
    };
    const line = await until(expired, { what: 'the offer to lapse' });
    expect(line.data.pending).toEqual({ id: desk.agent.id, name: 'desk' });
    expect(await shown(id)).not.toHaveProperty('pendingSwitchboardIntegration');
    expect((await shown(id)).activeSwitchboardIntegration.name).toBe('bot');
  });
});

describe('the fence', () => {
  it('refuses the message of a linked integration that does not hold control, and names who does', async () => {
    const { id } = await desk.conversation();
    const refused = await desk.agent.call.post(at(id, 'messages'), text('Hello?'));
    expect(refused.status).toBe(409);
    expect(refused.body.errors[0]).toMatchObject({
      code: 'not_in_control',
      holder: { id: desk.bot.id, name: 'bot', integrationId: desk.bot.integrationId },
      controlEpoch: 1,
    });
    expect((await desk.app.get(at(id, 'messages'))).body.messages).toEqual([]);
    const { timeline } = (await desk.app.get(at(id, 'timeline'))).body;
    expect(timeline.at(-1)).toMatchObject({
      kind: 'refusal',
      type: 'notInControl',
      controlEpoch: 1,
      data: {
        command: 'sendMessage',
        by: { type: 'integration', id: desk.agent.integrationId },
        holder: { id: desk.bot.id, name: 'bot' },
      },
    });
  });

  it('lets users, unlinked integrations and app keys pass', async () => {
    const { id, userId } = await desk.conversation();
    expect((await desk.outsider.post(at(id, 'messages'), text('note'))).status).toBe(201);
    expect((await desk.app.post(at(id, 'messages'), text('notice'))).status).toBe(201);
    expect((await desk.outsider.post(at(id, 'messages'), userText(userId, 'hi'))).status).toBe(201);
    const { timeline } = (await desk.app.get(at(id, 'timeline'))).body;
    expect(timeline.at(-1)).toMatchObject({ type: 'messageReceived', data: { userId, by: { type: 'integration' } } });
  });

  it('stands before every other door: words of the end user, new sessions, and what is taken away', async () => {
    const { id, userId } = await desk.conversation();
    const sent = await desk.bot.call.post(at(id, 'messages'), text('mine'));
    const message = sent.body.messages[0].id;
    const standby = desk.agent.call;
    const tries = [
      standby.post(at(id, 'messages'), userText(userId, 'hi')),
      standby.post(at(id, 'activity'), { author: { type: 'user', userId }, type: 'conversation:read' }),
      standby.delete(at(id, `messages/${message}`)),
      standby.delete(at(id, 'messages')),
      standby.delete(`/users/${userId}`),
    ];
    for (const { status, body } of await Promise.all(tries)) {
      expect([status, body.errors[0].code]).toEqual([409, 'not_in_control']);
    }
    expect((await desk.app.get(at(id, 'messages'))).body.messages).toMatchObject([{ id: message }]);
    expect((await desk.app.get(`/users/${userId}`)).status).toBe(200);
  });

  it('binds an integration whose place on the switchboard is gone, and none that never was there', async () => {
    const { id } = await desk.conversation();
    const { integrationId, call: guest } = await desk.guest('guest');
    const links = `/switchboards/${desk.switchboardId}/switchboardIntegrations`;
    expect((await guest.post(at(id, 'messages'), text('from outside'))).status).toBe(201);
    const link = await desk.app.post(links, { name: 'guest', integrationId });
    expect((await guest.post(at(id, 'messages'), text('on standby'))).status).toBe(409);
    expect((await desk.app.delete(`${links}/${link.body.switchboardIntegration.id}`)).status).toBe(200);
    expect((await guest.post(at(id, 'messages'), text('gone'))).status).toBe(409);
    await desk.app.patch(`/switchboards/${desk.switchboardId}`, { outsiders: 'refuse' });
    expect((await desk.outsider.post(at(id, 'messages'), text('note'))).status).toBe(409);
    await desk.app.patch(`/switchboards/${desk.switchboardId}`, { outsiders: 'allow' });
  });

  it('lets whoever handed over say a parting word, and shows it', async () => {
    const { id } = await desk.conversation();
    expect((await desk.bot.call.post(at(id, 'passControl'), { switchboardIntegration: 'desk' })).status).toBe(200);
    expect((await desk.bot.call.post(at(id, 'messages'), text('Good luck!'))).status).toBe(201);
    const { timeline } = (await desk.app.get(at(id, 'timeline'))).body;
    expect(timeline.at(-1)).toMatchObject({ type: 'messageSent', data: { sender: { name: 'bot' }, parting: true } });
    expect((await desk.agent.call.post(at(id, 'messages'), text('Hello'))).status).toBe(201);
    expect((await desk.bot.call.post(at(id, 'messages'), text('and bye'))).status).toBe(409);
  });

  it('refuses with any key a message whose epoch is over', async () => {
    const { id } = await desk.conversation();
    expect((await desk.app.post(at(id, 'messages'), text('now', { controlEpoch: 1 }))).status).toBe(201);
    await desk.app.post(at(id, 'passControl'), { switchboardIntegration: 'desk' });
    const stale = await desk.app.post(at(id, 'messages'), text('late', { controlEpoch: 1 }));
    expect([stale.status, stale.body.errors[0].code, stale.body.errors[0].controlEpoch]).toEqual([
      409,
      'stale_control_epoch',
      2,
    ]);
  });

  it('keeps at most 200 refusals of one conversation', async () => {
    const { id } = await desk.conversation();
    for (let round = 0; round < 15; round++) {
      const answers = await Promise.all(
        Array.from({ length: 16 }, () => desk.agent.call.post(at(id, 'messages'), text('let me in'))),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 409));
    }
    let kept = 0;
    for (let next: string | undefined = `${at(id, 'timeline')}?page[size]=100`; next;) {
      const page: Answered = await desk.app.get(next);
      const { timeline, meta } = page.body;
      kept += timeline.filter(({ kind }: { kind: string }) => kind === 'refusal').length;
      next = meta.hasMore ? `${at(id, 'timeline')}?page[size]=100&page[after]=${meta.afterCursor}` : undefined;
    }
    expect(kept).toBe(200);
  }, 60_000);

  it('sees a change of configuration at the very next decision', async () => {
    const { id } = await desk.conversation();
    const switchboard = `/switchboards/${desk.switchboardId}`;
    for (const [enforcement, status] of [
      ['off', 201],
      ['strict', 409],
      ['warn', 201],
      ['strict', 409],
    ] as const) {
      await desk.app.patch(switchboard, { controlEnforcement: enforcement });
      expect((await desk.agent.call.post(at(id, 'messages'), text(enforcement))).status).toBe(status);
    }
    const { timeline } = (await desk.app.get(at(id, 'timeline'))).body;
    expect(timeline.filter(({ type }: { type: string }) => type === 'messageSent')).toHaveLength(2);
  });
});
