import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { request } from 'undici';

/** What the server acknowledged: it may never be lost. */
export interface Acknowledged {
  readonly messages: Map<string, string>;
  readonly passes: Map<string, number>;
  readonly ends: Map<string, string>;
}

export interface LoadTarget {
  readonly url: string;
  readonly appId: string;
  readonly appKey: { readonly id: string; readonly secret: string };
  /** Everybody has an e-mail address, so that they can be asked something when the conversation is closed. */
  readonly withEmail?: boolean;
}

// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

/**
 * People who talk without minding that the server dies: each works through short conversations of a user's message, a
 * pass to the desk, the desk's answer, a pass back and an end. Every call carries an idempotency key and is repeated
 * until it is answered for certain.
 */
export class Talkers {
  readonly acknowledged: Acknowledged = { messages: new Map(), passes: new Map(), ends: new Map() };
  /** Answers that are neither a success nor a reason to try again. */
  readonly surprises: string[] = [];
  private stopping = false;
  private running: Promise<void>[] = [];

  constructor(private readonly target: LoadTarget) {}

  start(talkers: number): void {
    this.running = Array.from({ length: talkers }, (_, talker) => this.talk(talker));
  }

  /** Lets each finish the conversation it is in. */
  async finish(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running);
  }

  get conversations(): number {
    return this.acknowledged.ends.size;
  }

  private async talk(talker: number): Promise<void> {
    for (let round = 0; !this.stopping; round++) await this.converse(`talker-${talker}-${round}`);
  }

  private async converse(externalId: string): Promise<void> {
    const { appId, appKey, withEmail } = this.target;
    const user = `Bearer ${await userToken(appKey, externalId)}`;
    const app = `Basic ${Buffer.from(`${appKey.id}:${appKey.secret}`).toString('base64')}`;
    const client = `/client/v1/apps/${appId}/conversations`;
    if (withEmail) {
      const profile = { email: `${externalId}@example.org` };
      if (!(await this.insist(app, `/v2/apps/${appId}/users`, { externalId, profile }))) return;
    }
    const created = await this.insist(user, client, {});
    if (!created) return;
    const id: string = created.conversation.id;
    const path = `/v2/apps/${appId}/conversations/${id}`;
    const say = async (authorization: string, where: string, body: object) => {
      const answer = await this.insist(authorization, where, body);
      if (answer) this.acknowledged.messages.set(answer.messages[0].id, id);
    };
    const pass = async (target: string) => {
      const answer = await this.insist(app, `${path}/passControl`, { switchboardIntegration: target });
      if (answer) this.acknowledged.passes.set(id, (this.acknowledged.passes.get(id) ?? 0) + 1);
    };
    const text = (value: string) => ({ content: { type: 'text', text: value } });
    await say(user, `${client}/${id}/messages`, text('hello'));
    await pass('desk');
    await say(app, `${path}/messages`, { author: { type: 'business' }, ...text('a human') });
    await pass('faq');
    await say(user, `${client}/${id}/messages`, text('thanks'));
    const ended = await this.insist(user, `${client}/${id}/end`, { confirmed: true });
    if (ended) this.acknowledged.ends.set(id, ended.session.id);
  }

  /** Repeats one call, under one key, until its outcome is known. */
  private async insist(authorization: string, path: string, body: object): Promise<Json | null> {
    const key = randomUUID();
    for (;;) {
      const answer = await attempt(`${this.target.url}${path}`, authorization, key, body);
      if (answer && answer.status < 300) return answer.body;
      const again = !answer || answer.status === 503 || answer.status === 429 || answer.status === 409;
      if (!again || (answer?.status === 409 && code(answer.body) !== 'idempotency_key_in_flight')) {
        this.surprises.push(`${path}: ${answer?.status} ${JSON.stringify(answer?.body)}`);
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}

const code = (body: Json): string | undefined => body?.errors?.[0]?.code;

async function attempt(
  url: string,
  authorization: string,
  key: string,
  body: object,
): Promise<{ status: number; body: Json } | null> {
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
      headersTimeout: 10_000,
      bodyTimeout: 10_000,
    });
    return { status: response.statusCode, body: await response.body.json() };
  } catch {
    return null;
  }
}

function userToken(key: { id: string; secret: string }, externalId: string): Promise<string> {
  return new SignJWT({ scope: 'user', external_id: externalId })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: key.id })
    .sign(Buffer.from(key.secret));
}
