import { cpus } from 'node:os';
import { median, ratio, shown, type Series } from './figures.js';

/** What was measured, and how it compares with the goals; printed as two tables. */
export class Board {
  private readonly series = new Map<string, Series>();
  private readonly goals: string[] = [];
  private readonly facts: string[] = [];
  private readonly cpu: string[] = [];

  note(name: string, unit: string, value: number): void {
    const found = this.series.get(name) ?? { name, unit, values: [] };
    found.values.push(value);
    this.series.set(name, found);
  }

  /** A goal that is a ratio of two measures, taken round by round. */
  ratioGoal(goal: string, floor: number | null, wanted: number | null, [a, b]: readonly [string, string]): void {
    this.goals.push(`| ${goal} | ${floor ?? 'none'} | ${wanted ?? 'none'} | ${ratio(this.get(a), this.get(b))} |`);
  }

  /** A goal for the p50 and the p99 of one measure, in ms. */
  latencyGoal(goal: string, floor: string, wanted: string, name: string): void {
    const [p50, p99] = ['p50', 'p99'].map((which) => median(this.get(`${name}, ${which}`).values).toFixed(1));
    this.goals.push(`| ${goal} | ${floor} | ${wanted} | ${p50} / ${p99} |`);
  }

  asserted(where: string, facts: readonly string[]): void {
    this.facts.push(...facts.map((fact) => `${where}: ${fact}`));
  }

  spent(where: string, seconds: Readonly<Record<string, number>>): void {
    for (const [who, s] of Object.entries(seconds)) this.cpu.push(`${who} (${where}) ${s.toFixed(1)}`);
  }

  print(rounds: number, seconds: number): void {
    const print = console.log;
    print(`\nMachine: ${cpus().length} x ${cpus()[0]?.model}; Node ${process.version}; ${new Date().toISOString()}`);
    print(`Medians of ${rounds} rounds of ${seconds} s (lowest-highest).\n`);
    print('| measure | figure |\n| --- | --- |');
    for (const one of this.series.values()) print(`| ${one.name} | ${shown(one)} |`);
    print('\n| goal | floor | goal | reached, median of per-round ratios |\n| --- | --- | --- | --- |');
    for (const goal of this.goals) print(goal);
    print(`\nCPU seconds: ${this.cpu.join(', ')}`);
    print('\nAsserted in the same run:');
    for (const fact of this.facts) print(`- ${fact}`);
  }

  private get(name: string): Series {
    const found = this.series.get(name);
    if (!found) throw new Error(`nothing was measured as "${name}"`);
    return found;
  }
}
