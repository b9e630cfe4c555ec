import { Api, ok, type ApiAnswer, type Json } from './api.js';
import type { Talk } from './floor.js';
import { eventually, expectThat, say } from './telling.js';

/** An agent with a key of their own: what they do goes over the API as a desk's would. */
export class AgentAtWork {
  private constructor(
    readonly name: string,
    readonly id: string,
    private readonly api: Api,
    private readonly admin: Api,
    private readonly base: string,
  ) {}

  static async hire(url: string, admin: Api, base: string, name: string): Promise<AgentAtWork> {
    const { agent } = ok(
      await admin.post(`${base}/agents`, {
        displayName: name,
        externalId: `${name.toLowerCase()}-${Date.now()}`,
        limits: { primary: 4 },
        permissions: { chat: true, chatRep: true, messagingAgent: true },
      }),
    );
    const { key } = ok(await admin.post(`${base}/agents/${agent.id}/keys`, { displayName: 'demo run' }));
    return new AgentAtWork(name, agent.id, Api.withKey(url, key), admin, base);
  }

  async login(): Promise<void> {
    ok(await this.api.post(`${this.base}/agents/${this.id}/login`, {}));
    await this.presence('online');
  }

  async presence(status: string): Promise<void> {
    ok(await this.api.put(`${this.base}/agents/${this.id}/presence`, { status }));
    say(`${this.name}: ${status}`);
  }

  tryLogout(): Promise<ApiAnswer> {
    return this.api.post(`${this.base}/agents/${this.id}/logout`, {});
  }

  async logout(): Promise<void> {
    ok(await this.api.post(`${this.base}/agents/${this.id}/logout`, { confirm: true }));
    say(`${this.name}: logs out`);
  }

  /** Waits until routing asks, reads what it is about, and accepts. */
  async take(talk: Talk): Promise<void> {
    const offer = await eventually(() => this.offerOf(talk), `${this.name} is asked for ${talk.name}`);
    const { messages } = ok(await this.api.get(`${this.base}/sessions/${talk.sessionId}/messages`));
    ok(await this.post(talk, 'accept', { workItemId: offer.id }));
    say(`${this.name}: takes ${talk.name}, having read ${messages.length} messages`);
  }

  /** Whichever of the two is asked takes it. */
  async takeOr(other: AgentAtWork, talk: Talk): Promise<void> {
    const asked = await eventually(
      async () => ((await this.offerOf(talk)) ? this : (await other.offerOf(talk)) ? other : null),
      `${this.name} or ${other.name} is asked for ${talk.name}`,
    );
    await asked.take(talk);
  }

  /** The work item that is offered. */
  private async offerOf({ sessionId }: Talk): Promise<Json | null> {
    const asked = `work-items?filter[closed]=false&filter[sessionId]=${sessionId}`;
    const { workItems } = ok(await this.api.get(`${this.base}/agents/${this.id}/${asked}`));
    return workItems.find(({ status }: Json) => status === 'offered') ?? null;
  }

  async say(talk: Talk, text: string): Promise<void> {
    ok(await this.post(talk, 'messages', { text, displayName: this.name }));
    say(`${this.name} to ${talk.name}: ${text}`);
  }

  async post({ sessionId }: Talk, what: string, body?: unknown): Promise<ApiAnswer> {
    const answer = await this.api.post(`${this.base}/sessions/${sessionId}/${what}`, body);
    ok(answer);
    return answer;
  }

  /** What counts of the agent's capacity. */
  async uses(units: number, what: string): Promise<void> {
    await eventually(async () => ((await this.used()) === units ? true : null), `${this.name} uses ${units}`);
    expectThat(true, `${this.name}: ${units}/4, ${what}`);
  }

  private async used(): Promise<number> {
    const { capacity } = ok(await this.api.get(`${this.base}/agents/${this.id}/capacity`));
    return capacity.primary.used;
  }

  async closeTabs(): Promise<void> {
    const { workItems } = ok(await this.api.get(`${this.base}/agents/${this.id}/work-items?page[size]=100`));
    for (const item of workItems.filter(({ tabOpen }: Json) => tabOpen)) {
      ok(await this.api.post(`${this.base}/agents/${this.id}/work-items/${item.id}/close`, {}));
    }
    say(`${this.name}: closes the tabs`);
  }

  /** The agent was for this run only. */
  async leave(): Promise<void> {
    await this.admin.post(`${this.base}/agents/${this.id}/logout`, { confirm: true });
    await this.admin.patch(`${this.base}/agents/${this.id}`, { active: false });
  }
}
