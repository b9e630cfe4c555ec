/** What a process logged: the lines of its standard output that are JSON. */
export class LogLines {
  readonly lines: LogLine[] = [];
  /** To be given to `ServerProcess.start`. */
  readonly take = (line: string): void => {
    if (line.startsWith('{')) this.lines.push(JSON.parse(line) as LogLine);
  };

  find(facts: LogLine): LogLine | undefined {
    return this.lines.find((line) => Object.entries(facts).every(([name, value]) => line[name] === value));
  }

  all(facts: LogLine): LogLine[] {
    return this.lines.filter((line) => Object.entries(facts).every(([name, value]) => line[name] === value));
  }
}

// oxlint-disable-next-line typescript/no-explicit-any
export type LogLine = Readonly<Record<string, any>>;
