import { Client } from 'pg';
import { Db } from '../../../src/platform/postgres/index.js';
import { startDesk, type Answered, type Caller, type Desk, type DeskOptions } from '../../support/desk.js';
import { startNats, type OwnServer } from '../../support/servers.js';
import { until } from '../../support/until.js';
import { Heard } from './heard.js';

export type Json = Answered['body'];

/** A user who wrote, and the session that began with it. */
export interface Talk {
  readonly id: string;
  readonly userId: string;
  readonly externalId: string;
  readonly sessionId: string;
  readonly user: Caller;
}

/** How an app surveys that never said otherwise. */
const usual = {
  mode: 'customizable',
  sendOn: ['agent_ended', 'end_user_ended', 'ticket_solved'],
  afterSilence: false,
  waitSeconds: 0,
  expirySeconds: 604_800,
  delivery: 'in_channel',
  form: { scale: 'stars5', comment: true, defaultLanguage: 'en', languages: {} },
};

export async function good(answer: Promise<Answered>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** An answer to a form, as the widget sends it. */
export const filled = (formId: string, score: number | string, comment?: string) => ({
  content: {
    type: 'formResponse',
    fields: [
      { type: 'select', name: 'score', select: [{ name: String(score) }], quotedMessageId: formId },
      ...(comment === undefined ? [] : [{ type: 'text', name: 'comment', text: comment, quotedMessageId: formId }]),
    ],
  },
});

/** A desk with a nats-server of its own, so that what it announces comes back to its consumers alone. */
export class SurveyDesk {
  private constructor(
    readonly desk: Desk,
    readonly nats: OwnServer,
    readonly heard: Heard,
  ) {}

  static async start({ server, ...options }: DeskOptions = {}): Promise<SurveyDesk> {
    const nats = await startNats();
    const settings = { NATS_URL: nats.url, ...server?.settings };
    const desk = await startDesk({ ...options, server: { ...server, settings } });
    return new SurveyDesk(desk, nats, await Heard.from(nats.url));
  }

  async close(): Promise<void> {
    await this.heard.close();
    await this.desk.close();
    await this.nats.stop();
  }

  /** As an app that never said otherwise, but for this. The process itself sees its changes at once. */
  surveys(csat: object = {}): Promise<Json> {
    return good(this.desk.app.patch('', { settings: { csat: { ...usual, ...csat } } }));
  }

  /** A new user writes, and the desk takes over unless the bot is to serve them. */
  async talk({ human = true } = {}): Promise<Talk> {
    const { desk } = this;
    const conversation = await desk.conversation();
    const user = desk.user(conversation.externalId);
    await this.writes({ ...conversation, user });
    if (human) {
      await good(desk.app.post(`/conversations/${conversation.id}/passControl`, { switchboardIntegration: 'desk' }));
    }
    const [session] = (await desk.app.get(`/sessions?filter[userId]=${conversation.userId}`)).body.sessions;
    return { ...conversation, user, sessionId: session.id };
  }

  /** The same, ended by the agent; the survey is as it is in `status`. */
  async rated(status = 'sent', how: { readonly human?: boolean } = {}): Promise<Talk & { readonly survey: Json }> {
    const talk = await this.talk(how);
    await this.agentEnds(talk);
    return { ...talk, survey: await this.survey(talk, status) };
  }

  writes({ id, user }: Pick<Talk, 'id' | 'user'>, text = 'help'): Promise<Json> {
    return good(user.post(`/conversations/${id}/messages`, { content: { type: 'text', text } }));
  }

  agentEnds({ sessionId }: Talk): Promise<Json> {
    return good(this.desk.agent.call.post(`/sessions/${sessionId}/end`));
  }

  userEnds({ id, user }: Talk): Promise<Json> {
    return good(user.post(`/conversations/${id}/end`, { confirmed: true }));
  }

  solves({ sessionId }: Talk): Promise<Json> {
    return good(this.desk.app.send('PUT', `/sessions/${sessionId}/ticket`, { id: 'T-1', status: 'solved' }));
  }

  answers({ id, user }: Pick<Talk, 'id' | 'user'>, body: object): Promise<Answered> {
    return user.post(`/conversations/${id}/messages`, body);
  }

  async messages({ id, user }: Talk): Promise<Json[]> {
    return (await good(user.get(`/conversations/${id}/messages`))).messages;
  }

  async forms(talk: Talk): Promise<Json[]> {
    return (await this.messages(talk)).filter(({ content }) => content.type === 'form');
  }

  async session({ sessionId }: Talk): Promise<Json> {
    return (await good(this.desk.app.get(`/sessions/${sessionId}`))).session;
  }

  /** The session of this conversation that is not over. */
  async liveSession(conversationId: string): Promise<Json> {
    const { sessions } = await good(this.desk.app.get('/sessions?filter[status]=ACTIVE&page[size]=100'));
    return sessions.find((session: Json) => session.conversationId === conversationId);
  }

  async shown({ id }: Talk): Promise<Json> {
    return (await good(this.desk.app.get(`/conversations/${id}`))).conversation;
  }

  /** Its surveys are over, as when their time has passed. */
  expire({ id }: Talk): Promise<void> {
    return this.alter(id, `jsonb_set(state, '{surveys,0,closesAt}', '0')`);
  }

  /** No further message fits. */
  fill({ id }: Talk): Promise<void> {
    return this.alter(id, `state || '{"messageCount": 30000}'`);
  }

  private async alter(conversationId: string, state: string): Promise<void> {
    const sql = new Client(this.desk.started.app.get(Db).url);
    await sql.connect();
    await sql.query(`UPDATE conversation SET state = ${state} WHERE id = $1`, [conversationId]);
    await sql.end();
  }

  /** The survey of this session, once it is so. */
  survey({ sessionId }: Talk, status: string): Promise<Json> {
    return until(
      async () => {
        const [survey] = (await good(this.desk.app.get(`/surveys?filter[sessionId]=${sessionId}`))).surveys;
        return survey?.status === status && survey;
      },
      { what: `a survey that is ${status}` },
    );
  }
}
