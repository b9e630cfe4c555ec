import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BotReport, BotSettings } from './reports.js';
import { eventually, say } from './telling.js';

type Call = Extract<BotReport, { kind: 'call' }>;
type Heard = Extract<BotReport, { kind: 'event' }>;

/** A bot running as a process of its own, and everything it reported. */
export class BotProcess {
  readonly reports: BotReport[] = [];

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    child.on('message', (report: BotReport) => {
      this.reports.push(report);
      if (report.kind === 'call')
        say(`${name}: ${report.what} -> ${report.status}${report.code ? ` ${report.code}` : ''}`);
      if (report.kind === 'error') say(`${name}: ERROR ${report.message}`);
    });
  }

  static async start(role: string): Promise<BotProcess> {
    const bot = new BotProcess(role, fork(fileURLToPath(new URL('bot.js', import.meta.url)), [role]));
    await bot.report('listening');
    return bot;
  }

  /** Where its webhooks go. */
  get target(): string {
    const listening = this.reports.find((report) => report.kind === 'listening');
    if (listening?.kind !== 'listening') throw new Error(`${this.name} is not listening`);
    return `http://127.0.0.1:${listening.port}/webhook`;
  }

  async tell(settings: BotSettings): Promise<void> {
    this.child.send(settings);
    await this.report('ready');
  }

  /** Waits until the bot made this call and it was answered with this status. */
  called(at: { conversationId: string }, what: string, status: number): Promise<Call> {
    return eventually(
      () =>
        this.reports.find(
          (report): report is Call =>
            report.kind === 'call' &&
            report.conversationId === at.conversationId &&
            report.what.startsWith(what) &&
            report.status === status,
        ) ?? null,
      `${this.name}: ${what} -> ${status}`,
    );
  }

  /** Webhooks of one conversation in order of arrival. */
  heard(conversationId: string): Heard[] {
    return this.reports.filter(
      (report): report is Heard => report.kind === 'event' && report.conversationId === conversationId,
    );
  }

  stop(): void {
    this.child.disconnect();
  }

  private report(kind: BotReport['kind']): Promise<BotReport> {
    return eventually(() => this.reports.find((report) => report.kind === kind) ?? null, `${this.name} ${kind}`);
  }
}
