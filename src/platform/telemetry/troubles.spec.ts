import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Troubles } from './troubles.js';

interface Line {
  readonly level: 'warn' | 'info';
  readonly facts: Readonly<Record<string, unknown>>;
  readonly words: string;
}

const lines: Line[] = [];
const writing = (level: Line['level']) => (facts: Line['facts'], words: string) =>
  void lines.push({ level, facts, words });
Logger.overrideLogger({ warn: writing('warn'), log: writing('info'), error: () => undefined });

afterEach(() => {
  lines.length = 0;
  jest.restoreAllMocks();
});

const words = { fails: 'it fails', over: 'it works again' };

describe('what is tried again and again', () => {
  it('is told when it begins to fail, for each further reason, and when it is over: not for each attempt', () => {
    const troubles = new Troubles('Room', words);
    for (let attempt = 0; attempt < 500; attempt++) troubles.failed(new Error('refused'));
    troubles.failed(new Error('not allowed'));
    troubles.failed(new Error('refused'));
    troubles.over();
    troubles.over();
    expect(lines.map(({ words: said }) => said)).toEqual(['it fails', 'it fails', 'it works again']);
    expect(lines[2]?.facts).toMatchObject({ failures: 502 });
  });

  it('is told anew when it fails again after it was over', () => {
    const troubles = new Troubles('Room', words);
    troubles.failed(new Error('refused'));
    troubles.over();
    troubles.failed(new Error('refused'));
    expect(lines.map(({ words: said }) => said)).toEqual(['it fails', 'it works again', 'it fails']);
  });

  it('is told of each subject by itself, with the ids that were given', () => {
    const troubles = new Troubles('Room', words);
    troubles.failed(new Error('refused'), { conversationId: 'one' }, 'one');
    troubles.failed(new Error('refused'), { conversationId: 'two' }, 'two');
    troubles.over({}, 'two');
    expect(lines.map(({ facts }) => facts['conversationId'])).toEqual(['one', 'two', undefined]);
  });

  it('lets a few stand for all that fail at once, and tells the others later if they still fail', () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    const troubles = new Troubles('Room', words);
    const failAll = () => {
      for (let n = 0; n < 40; n++) troubles.failed(new Error('refused'), { n }, String(n));
    };
    failAll();
    failAll();
    expect(lines).toHaveLength(20);
    clock.mockReturnValue(12_000);
    failAll();
    expect(new Set(lines.map(({ facts }) => facts['n'])).size).toBe(40);
  });

  it('remembers a bounded number of subjects', () => {
    const troubles = new Troubles('Room', words);
    const clock = jest.spyOn(performance, 'now');
    for (let n = 0; n < 2_001; n++) {
      clock.mockReturnValue(n * 20_000);
      troubles.failed(new Error('refused'), { n }, String(n));
    }
    lines.length = 0;
    troubles.over({}, '0');
    troubles.over({}, '2000');
    expect(lines).toHaveLength(1);
  });
});
