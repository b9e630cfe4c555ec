import { SignJWT } from 'jose';
import { Api, ok, type Json } from './api.js';
import type { Cast } from './cast.js';
import { expectThat, say } from './telling.js';

/** What the story leaves to be checked against the database. */
export interface Told {
  readonly mode: 'release' | 'pass';
  readonly conversationId: string;
  readonly sessionId: string;
}

/**
 * A user writes, the FAQ bot answers, offers control to the desk, the desk accepts; the bot's late reply is refused;
 * the desk hands back; the user ends. In pass mode the survey bot then gets control and the session ends when it
 * releases.
 */
export async function tellStory(cast: Cast, mode: Told['mode']): Promise<Told> {
  say(
    `\n== ${mode} mode: when the user ends, control ${mode === 'release' ? 'is released' : 'passes to the survey bot'}`,
  );
  const onEnd = mode === 'release' ? 'release' : 'pass:survey-bot';
  ok(await cast.admin.patch(`/v2/apps/${cast.appId}`, { settings: { onEnd: { endUser: onEnd } } }));

  const user = await endUser(cast);
  const { conversation } = ok(await user.post('/conversations', {}));
  const id: string = conversation.id;
  const at = { conversationId: id };
  const write = async (text: string) => {
    ok(await user.post(`/conversations/${id}/messages`, { content: { type: 'text', text } }));
    say(`user: ${text}`);
  };

  await write('Where is my parcel?');
  await cast.faq.called(at, 'say "Parcels', 201);
  await write('I want a human, please');
  await cast.faq.called(at, 'offerControl', 200);
  await cast.desk.called(at, 'acceptControl', 200);
  await cast.desk.called(at, 'say "Ana', 201);
  const late = await cast.faq.called(at, 'say "While you wait', 409);
  expectThat(late.code === 'not_in_control', "the bot's late reply was refused: 409 not_in_control");
  await write('Great, thanks!');
  await cast.desk.called(at, 'passControl', 200);

  const { session } = ok(await user.post(`/conversations/${id}/end`, { confirmed: true }));
  say('user: ends the conversation');
  if (mode === 'pass') await finishSurvey(cast, at, write, session.id);
  await cast.admin.eventually(
    `/v2/apps/${cast.appId}/sessions/${session.id}`,
    (body: Json) => body.session.status === 'ENDED',
    'the session has ended',
  );
  const again = ok(await user.post(`/conversations/${id}/end`, { confirmed: true }));
  expectThat(again.session.id === session.id, 'ending again answers with the same session');
  const refused = await user.post(`/conversations/${id}/messages`, { content: { type: 'text', text: 'Hello?' } });
  expectThat(refused.status === 409, 'the ended conversation is read-only for its user');
  return { mode, conversationId: id, sessionId: session.id };
}

async function finishSurvey(
  cast: Cast,
  at: { conversationId: string },
  write: (text: string) => Promise<void>,
  sessionId: string,
): Promise<void> {
  await cast.survey.called(at, 'say "How did we do', 201);
  const { session } = ok(await cast.admin.get(`/v2/apps/${cast.appId}/sessions/${sessionId}`));
  expectThat(session.status === 'ENDING', 'the session stays open until the survey bot releases');
  expectThat(cast.endedEvents(sessionId).length === 0, 'no session.ended before that');
  await write('5');
  await cast.survey.called(at, 'releaseControl', 200);
}

/** A user of the widget: a token for their own external id, signed with the app's key. */
async function endUser(cast: Cast): Promise<Api> {
  const token = await new SignJWT({ scope: 'user', external_id: `demo-${Date.now()}` })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: cast.appKey.id })
    .sign(Buffer.from(cast.appKey.secret));
  return Api.withToken(`${cast.url}/client/v1/apps/${cast.appId}`, token);
}
