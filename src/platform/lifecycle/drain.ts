import { Injectable, Logger } from '@nestjs/common';

/**
 * The order in which a process lets go, so that nothing loses what it still needs:
 *
 * - `unready`: health says 503, so that nobody sends more;
 * - `intake`: no new connections or requests; those in flight are answered;
 * - `workers`: relays, lanes, timers and consumers stop at an edge, between two pieces of work;
 * - `ledger`: commands that were taken are committed;
 * - `connections`: pools and links are closed;
 * - `servers`: a NATS and a PostgreSQL of our own stop.
 */
export const stages = ['unready', 'intake', 'workers', 'ledger', 'connections', 'servers'] as const;
export type Stage = (typeof stages)[number];

/** Resolves when done; `withinMs` is what is left of the drain, after which nobody waits any more. */
export type StopStep = (withinMs: number) => Promise<void> | void;

interface Step {
  readonly stage: Stage;
  readonly name: string;
  readonly stop: StopStep;
}

/** `forced`: the deadline passed; `left` names what had not stopped. */
export type DrainEnd = { readonly outcome: 'clean' } | { readonly outcome: 'forced'; readonly left: readonly string[] };

/**
 * Stops the process in order. Whoever runs something registers how it stops; steps of one stage stop together, the
 * next stage begins when all are done or have failed.
 */
@Injectable()
export class Drain {
  readonly #log = new Logger(Drain.name);
  readonly #steps: Step[] = [];
  readonly #running = new Set<string>();
  #end: Promise<DrainEnd> | null = null;

  add(stage: Stage, name: string, stop: StopStep): void {
    this.#steps.push({ stage, name, stop });
  }

  /** From the first moment of the drain, for health. */
  get draining(): boolean {
    return this.#end !== null;
  }

  /** Drains, once: a second call answers with the first. */
  run(withinMs: number): Promise<DrainEnd> {
    this.#end ??= this.#run(withinMs);
    return this.#end;
  }

  async #run(withinMs: number): Promise<DrainEnd> {
    const deadline = performance.now() + withinMs;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<DrainEnd>((resolve) => {
      timer = setTimeout(() => resolve({ outcome: 'forced', left: [...this.#running] }), withinMs);
    });
    const end = await Promise.race([this.#stopAll(deadline), late]);
    clearTimeout(timer);
    return end;
  }

  async #stopAll(deadline: number): Promise<DrainEnd> {
    for (const stage of stages) {
      const steps = this.#steps.filter((step) => step.stage === stage);
      await Promise.all(steps.map((step) => this.#stop(step, deadline)));
    }
    return { outcome: 'clean' };
  }

  /** A step that fails must not keep the others from stopping. */
  async #stop({ name, stop }: Step, deadline: number): Promise<void> {
    this.#running.add(name);
    try {
      await stop(Math.max(0, deadline - performance.now()));
    } catch (err) {
      this.#log.error({ err, step: name }, 'a step of the drain failed');
    } finally {
      this.#running.delete(name);
    }
  }
}
