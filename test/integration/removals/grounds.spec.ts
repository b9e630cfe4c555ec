import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../../src/platform/postgres/index.js';
import { startDesk, userText, type Answered, type Desk } from '../../support/desk.js';
import { until } from '../../support/until.js';
import { unbound } from '../../support/unbound.js';

/** Every removal is written by ConfigurationChange and worked by the server under test: nobody calls it here. */
describe('what conversations stand on is deleted', () => {
  let desk: Desk;
  let other: Awaited<ReturnType<typeof bystander>>;
  const links = (): string => `/switchboards/${desk.switchboardId}/switchboardIntegrations`;

  beforeAll(async () => {
    desk = await startDesk();
    await good(desk.app.patch(`${links()}/${desk.bot.id}`, { nextSwitchboardIntegrationId: null }));
    other = await bystander();
  });
  afterAll(() => desk.close());

  const good = async (answer: Promise<Answered>): Promise<Answered['body']> => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };

  const events = async (id: string): Promise<readonly string[]> => {
    const { timeline } = await good(desk.app.get(`/conversations/${id}/timeline`));
    return timeline.map(({ type }: { type: string }) => type);
  };

  /** A talk that this seat holds; its end user waits for an answer. */
  async function held(by: string): Promise<string> {
    const talk = await desk.conversation();
    await good(desk.app.post(`/conversations/${talk.id}/messages`, userText(talk.userId, 'help')));
    await good(desk.app.post(`/conversations/${talk.id}/passControl`, { switchboardIntegration: by }));
    return talk.id;
  }

  /** A new bot on the switchboard. */
  async function seat(name: string): Promise<{ readonly id: string; readonly integrationId: string }> {
    const webhooks = [{ target: 'http://127.0.0.1:9/', triggers: ['user:remove'] }];
    const { integration } = await good(desk.app.post('/integrations', { type: 'custom', displayName: name, webhooks }));
    const made = await good(desk.app.post(links(), { name, integrationId: integration.id }));
    return { id: made.switchboardIntegration.id, integrationId: integration.id };
  }

  /** A conversation of another app that stands on nothing of ours, and what became of it. */
  async function bystander() {
    const db = unbound(desk.started.app.get(Db));
    const talk = await desk.conversation();
    const appId = '0123456789abcdef01234567';
    await db.insertInto('app').values({ id: appId, display_name: 'other', created_at: new Date() }).execute();
    // The same ids in a row of another app: an id in a state is only its own app's.
    await db.updateTable('conversation').set({ app_id: appId }).where('id', '=', talk.id).execute();
    const seq = async (): Promise<number> =>
      (await db.selectFrom('conversation').select('seq').where('id', '=', talk.id).executeTakeFirstOrThrow()).seq;
    return { seq, before: await seq() };
  }

  const removalOf = (subjectId: string) =>
    until(
      async () => {
        const { removals } = await good(desk.app.get('/removals'));
        return removals.find(
          (one: { subjectId: string; state: string }) => one.subjectId === subjectId && one.state === 'finished',
        );
      },
      { what: `the removal of ${subjectId} to finish` },
    );

  it.each(['switchboardIntegration', 'integration'] as const)(
    'a holder whose %s goes is removed from its conversations, though nobody writes',
    async (kind) => {
      const bot = await seat(`gone-with-${kind}`);
      const talks = [await held(bot.id), await held(bot.id)];
      const kept = await held(desk.survey.id);
      const before = await events(kept);
      const path = kind === 'integration' ? `/integrations/${bot.integrationId}` : `${links()}/${bot.id}`;
      await good(desk.app.delete(path));
      for (const id of talks)
        await until(async () => (await events(id)).includes('holderRemoved'), { what: 'the holder to be removed' });
      const removal = await removalOf(kind === 'integration' ? bot.integrationId : bot.id);
      expect(removal).toMatchObject({ appId: desk.appId, kind, settled: 2, failed: 0, stage: 'done' });
      expect(removal.done).toBe(removal.total);
      expect((await good(desk.app.get(`/removals/${removal.id}`))).removal).toEqual(removal);
      expect(await events(kept)).toEqual(before);
    },
  );

  it('an end user who waits has the default responder instead, and it is told', async () => {
    const bot = await seat('waited-for');
    const id = await held(bot.id);
    await good(desk.app.delete(`${links()}/${bot.id}`));
    const { conversation } = await until(
      async () => {
        const found = await good(desk.app.get(`/conversations/${id}`));
        return found.conversation.activeSwitchboardIntegration?.id === desk.bot.id && found;
      },
      { what: 'the default to hold control' },
    );
    expect(conversation.activeSwitchboardIntegration.name).toBe('bot');
    expect((await events(id)).slice(-2)).toEqual(['holderRemoved', 'controlAssigned']);
  });

  it('an invitation of one that goes is taken back', async () => {
    const bot = await seat('invited');
    const talk = await desk.conversation();
    await good(desk.app.post(`/conversations/${talk.id}/offerControl`, { switchboardIntegration: bot.id }));
    await good(desk.app.delete(`${links()}/${bot.id}`));
    await until(async () => (await events(talk.id)).includes('holderRemoved'), { what: 'the offer to be taken back' });
    const { conversation } = await good(desk.app.get(`/conversations/${talk.id}`));
    expect(conversation.pendingSwitchboardIntegration ?? null).toBeNull();
    expect(conversation.activeSwitchboardIntegration.id).toBe(desk.bot.id);
  });

  it('a post-end flow ends with its integration', async () => {
    const bot = await seat('asks-afterwards');
    await good(desk.app.patch('', { settings: { onEnd: { system: 'pass:asks-afterwards' } } }));
    const talk = await desk.conversation();
    await good(desk.app.post(`/conversations/${talk.id}/messages`, userText(talk.userId, 'help')));
    const { sessions } = await good(desk.app.get(`/sessions?filter[userId]=${talk.userId}`));
    await good(desk.app.post(`/sessions/${sessions[0].id}/end`, {}));
    expect(await events(talk.id)).not.toContain('sessionEnded');
    await good(desk.app.patch('', { settings: { onEnd: { system: 'release' } } }));
    await good(desk.app.delete(`${links()}/${bot.id}`));
    await until(async () => (await events(talk.id)).includes('sessionEnded'), { what: 'the session to end' });
  });

  it('a queue and a service channel go without a trace in conversations that do not need them', async () => {
    const { queue } = await good(desk.app.post('/queues', { name: 'gone' }));
    const body = { name: 'gone', kind: 'web_widget', tier: 'enhanced', queueId: queue.id };
    const { serviceChannel } = await good(desk.app.post('/serviceChannels', body));
    const { user } = await good(desk.app.post('/users', { externalId: 'on-a-channel' }));
    const opened = await good(
      desk.app.post('/conversations', {
        type: 'personal',
        participants: [{ userId: user.id }],
        serviceChannelId: serviceChannel.id,
      }),
    );
    await good(desk.app.post(`/conversations/${opened.conversation.id}/messages`, userText(user.id, 'help')));
    await good(desk.app.delete(`/serviceChannels/${serviceChannel.id}`));
    await good(desk.app.delete(`/queues/${queue.id}`));
    expect(await removalOf(serviceChannel.id)).toMatchObject({ kind: 'serviceChannel', failed: 0 });
    expect(await removalOf(queue.id)).toMatchObject({ kind: 'queue', failed: 0 });
    await good(desk.app.post(`/conversations/${opened.conversation.id}/messages`, userText(user.id, 'still here')));
  });

  it('with the switchboard every holder goes', async () => {
    const id = await held(desk.survey.id);
    await good(desk.app.delete(`/switchboards/${desk.switchboardId}`));
    await until(async () => (await events(id)).includes('holderRemoved'), { what: 'the holder to be removed' });
    expect(await removalOf(desk.switchboardId)).toMatchObject({ kind: 'switchboard', failed: 0 });
  });

  it('and nothing of another app is touched', async () => {
    expect(await other.seq()).toBe(other.before);
    expect(await desk.app.get('/removals/000000000000000000000000')).toMatchObject({ status: 404 });
  });

  it('shows what is open on /metrics', async () => {
    const text = await (await fetch(`${desk.started.url}/metrics`)).text();
    expect(text).toContain('switchboard_removals_open 0');
    expect(text).toMatch(/switchboard_removal_conversations_total [1-9]/);
  });
});
