/**
 * A flood as a process of its own, so that it takes no time from whoever measures. Told over IPC what to send; answers how
 * it was answered.
 */
import { Agent } from 'undici';
import type { Answered, PacedFlood } from './floods.js';
import { openLoop } from './open-loop.js';

const connections = new Agent({ connections: 128, pipelining: 1 });

process.once('message', (flood: PacedFlood) => {
  void paced(flood).then((answered) => process.send?.(answered, () => process.exit(0)));
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

async function paced({ url, method, path, body, authorization, perSecond, seconds }: PacedFlood): Promise<Answered> {
  const headers = { authorization, ...(body === null ? {} : { 'content-type': 'application/json' }) };
  let refused = 0;
  await openLoop(perSecond, seconds, async () => {
    const answer = await connections.request({ origin: url, path, method, headers, body });
    if (answer.statusCode >= 300) refused += 1;
    await answer.body.dump();
  });
  return { sent: perSecond * seconds, refused };
}
