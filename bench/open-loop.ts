/**
 * Sends at fixed times whether or not earlier requests came back, and takes every time from when a request was due: a
 * stall then shows in the figures instead of hiding the requests that it held up.
 */
export async function openLoop(
  perSecond: number,
  seconds: number,
  send: (index: number, dueAt: number) => Promise<void>,
): Promise<void> {
  const total = perSecond * seconds;
  const begun = performance.now() + 50;
  const sent: Promise<void>[] = [];
  for (let index = 0; index < total; index++) {
    const dueAt = begun + (index * 1000) / perSecond;
    const wait = dueAt - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const one = send(index, dueAt);
    // Told below, to whoever began the loop; until then a failure is nobody's.
    one.catch(() => undefined);
    sent.push(one);
  }
  await Promise.all(sent);
}
