import { setTimeout as sleep } from 'node:timers/promises';

/** Requests sent on and on until it is stopped; counts how they were answered. */
export interface Flood {
  readonly statuses: ReadonlyMap<number, number>;
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

type Send = () => Promise<{ readonly status: number }>;

/** So many under way at every moment. */
export function keepUnderWay(count: number, send: Send): Flood {
  return flooding((note, on) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        while (on()) note((await send()).status);
      }),
    ),
  );
}

/** More under way than this would only be a pile on a machine that cannot keep up. */
const MOST_UNDER_WAY = 60;

/** So many a second, or as many as the machine can take. */
export function sendEvenly(perSecond: number, send: Send): Flood {
  return flooding(async (note, on) => {
    const begun = performance.now();
    const underWay = new Set<Promise<void>>();
    for (let sent = 0; on();) {
      const due = ((performance.now() - begun) * perSecond) / 1_000;
      for (; sent < due && underWay.size < MOST_UNDER_WAY; sent++) {
        const one = send().then(({ status }) => note(status));
        underWay.add(one);
        void one.finally(() => underWay.delete(one));
      }
      await sleep(5);
    }
    await Promise.all(underWay);
  });
}

function flooding(run: (note: (status: number) => void, on: () => boolean) => Promise<unknown>): Flood {
  const statuses = new Map<number, number>();
  let on = true;
  const over = run(
    (status) => statuses.set(status, (statuses.get(status) ?? 0) + 1),
    () => on,
  );
  return {
    statuses,
    async stop() {
      on = false;
      await over;
    },
  };
}
