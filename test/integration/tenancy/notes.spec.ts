import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/platform/ids.js';
import { openStage, refusal, type Stage, type Tenant } from './stage.js';

let stage: Stage;
let tenant: Tenant;
beforeAll(async () => {
  stage = await openStage();
  tenant = await stage.tenant();
  const bot = await tenant.bot();
  const { switchboard } = await post('/switchboards', {});
  const { switchboardIntegration } = await post(`/switchboards/${switchboard.id}/switchboardIntegrations`, {
    name: 'faq',
    integrationId: bot.id,
  });
  const line = { enabled: true, defaultSwitchboardIntegrationId: switchboardIntegration.id };
  await tenant.caller.patch(`${tenant.path}/switchboards/${switchboard.id}`, line);
});
afterAll(() => stage?.close());

const post = async (path: string, body: object) => {
  const answer = await tenant.caller.post(`${tenant.path}${path}`, body);
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body;
};

/** What the platform says last to an end user with this locale, whose conversation an app key works on. */
async function said(locale: string | null, work: (conversationId: string) => Promise<unknown>): Promise<string> {
  const profile = locale === null ? {} : { locale };
  const { user } = await post('/users', { externalId: newId(), profile });
  const { conversation } = await post('/conversations', { type: 'personal', participants: [{ userId: user.id }] });
  const at = `/conversations/${conversation.id}`;
  await post(`${at}/messages`, { author: { type: 'user', userId: user.id }, content: { type: 'text', text: 'hello' } });
  await work(conversation.id);
  const { messages } = (await tenant.caller.get(`${tenant.path}${at}/messages`)).body;
  return messages.at(-1).content.text;
}

const ends = async (conversationId: string): Promise<void> => {
  const { conversation } = (await tenant.caller.get(`${tenant.path}/conversations/${conversationId}`)).body;
  await post(`/sessions/${conversation.session.id}/end`, {});
};
const closesTicket = (conversationId: string) =>
  post(`/conversations/${conversationId}/releaseControl`, { reason: 'ticketClosed' });

const configured = async (settings: object): Promise<void> =>
  void expect((await tenant.caller.patch(tenant.path, { settings })).status).toBe(200);

describe('what the platform says by itself', () => {
  it('is in the language of the end user, else in the default of the app', async () => {
    expect(await said('de-AT', ends)).toBe('Die Unterhaltung wurde beendet.');
    expect(await said('fr', closesTicket)).toBe('La demande a été close.');
    expect(await said('ja', ends)).toBe('The conversation was ended.');
    expect(await said(null, ends)).toBe('The conversation was ended.');
  });

  it('is in the words of the app where it has some', async () => {
    await configured({
      notes: { defaultLanguage: 'de', languages: { nl: { ended: 'Klaar.' }, de: { ended: 'Fertig.' } } },
    });
    expect(await said('nl-BE', ends)).toBe('Klaar.');
    expect(await said('ja', ends)).toBe('Fertig.');
    expect(await said('de', closesTicket)).toBe('Die Anfrage wurde geschlossen.');
  });

  it('is in the default of the app for everybody where it is not localized', async () => {
    await configured({ appLocalizationEnabled: false, notes: { defaultLanguage: 'es', languages: {} } });
    expect(await said('de', ends)).toBe('La conversación ha finalizado.');
  });

  it.each([
    { languages: { de: { over: 'Fertig.' } } },
    { languages: { de: { ended: ' ' } } },
    { languages: { 'de at': { ended: 'Fertig.' } } },
    { language: 'de' },
  ])('refuses words that would never be said: %j', async (notes) => {
    const answer = await tenant.caller.patch(tenant.path, { settings: { notes } });
    expect(refusal(answer)[0]).toBe(400);
  });
});
