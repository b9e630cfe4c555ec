import { describe, expect, it } from '@jest/globals';
import { Log } from './log.js';

function written(level: string, write: (log: Log) => void): Record<string, never>[] {
  const lines: string[] = [];
  write(new Log({ logLevel: level }, { write: (line: string) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line));
}

describe('the log', () => {
  it('is one JSON object a line, with the room, the ids that were given and the words', () => {
    const [line] = written('info', (log) => log.warn({ appId: 'a', conversationId: 'c' }, 'it failed', 'Room'));
    expect(line).toMatchObject({ level: 40, context: 'Room', appId: 'a', conversationId: 'c', msg: 'it failed' });
  });

  it('shows of an error what names it, and never the row or the options that came with it', () => {
    const cause = Object.assign(new Error('violates check'), {
      code: '23514',
      table: 'message',
      detail: 'Failing row contains (what somebody wrote)',
      where: 'somebody wrote that',
      client: { password: 'hidden' },
    });
    const [line] = written('info', (log) => log.error({ err: new Error('failed', { cause }) }, 'it failed', 'Room'));
    expect(line).toMatchObject({ err: { message: 'failed', cause: { code: '23514', table: 'message' } } });
    expect(JSON.stringify(line)).not.toMatch(/somebody|hidden/);
  });

  it('never shows a password that is part of a URL, nor what goes by the name of a secret', () => {
    const lines = written('info', (log) => {
      log.error({ err: new Error('no route to postgres://me:hidden@host/db') }, 'it failed', 'Room');
      log.warn({ headers: { authorization: 'hidden', 'x-api-key': 'hidden' }, secret: 'hidden' }, 'it failed', 'Room');
    });
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain('hidden');
  });

  it("keeps Nest's talk of its own start for those who look for it", () => {
    const talk = (log: Log) => log.log('Starting Nest application...', 'NestFactory');
    expect(written('info', talk)).toEqual([]);
    expect(written('debug', talk)).toHaveLength(1);
  });
});
