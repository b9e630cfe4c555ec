/**
 * `npm run demo -- sessions`: two agents, one queue, tab-based and status-based capacity side by side: sessions are
 * offered, accepted, set inactive and come back; an agent goes offline, another logs out; the rest is ended in bulk and
 * surveyed. Exits 1 unless everything was as `docs/rules.md` says.
 */
import { ok, type Json } from './api.js';
import { Floor, type Talk } from './floor.js';
import { expectThat, failed, say } from './telling.js';

const url = process.env['SWITCHBOARD_URL'] ?? `http://127.0.0.1:${process.env['PORT'] ?? 8080}`;
const floor = await Floor.open(url, process.env['SWITCHBOARD_DATA_DIR'] ?? './data');
const talks: Talk[] = [];
try {
  await tell();
} finally {
  await floor.close();
}
for (const talk of talks) await floor.showTimeline(talk);
say(failed() === 0 ? '\nThe story is told, and all of it is so.' : `\n${failed()} things were not so.`);
process.exitCode = failed() === 0 ? 0 : 1;

async function begin(name: string, model: 'tabs' | 'status'): Promise<Talk> {
  const talk = await floor.begin(name, model);
  talks.push(talk);
  return talk;
}

async function tell(): Promise<void> {
  const { mia, ben } = floor;

  say('\n== Mia comes online; two customers write, one on each capacity model; each weighs 2 of her 4');
  await mia.login();
  const anna = await begin('Anna', 'tabs');
  const carl = await begin('Carl', 'status');
  await mia.take(anna);
  await mia.take(carl);
  await mia.uses(4, 'four of four: she is full');
  const dora = await begin('Dora', 'tabs');
  await floor.expectStatus(dora, 'WAITING', 'Dora waits: nobody has room');

  say('\n== Anna says no more: Mia sets her inactive, and is free for Dora at once (I-1)');
  await mia.post(anna, 'inactivate');
  await mia.take(dora);
  await mia.uses(4, 'Anna counts no longer, Dora does');

  say('\n== Anna writes again: under tab-based she waits for anybody (I-7); Ben comes and takes her');
  await anna.write('One more question!');
  await floor.expectStatus(anna, 'WAITING', 'Anna waits');
  await ben.login();
  await ben.take(anna);

  say('\n== Carl goes quiet and comes back: under status-based he is Mia’s still, above her limit (I-8, K-7)');
  await mia.post(carl, 'inactivate');
  const emma = await begin('Emma', 'tabs');
  await mia.takeOr(ben, emma);
  await carl.write('I am back');
  await floor.expectStatus(carl, 'ACTIVE', 'Carl is active at once');
  expectThat((await floor.session(carl)).agentId === mia.id, 'with Mia, as before');

  say('\n== Ben goes offline: his tab-based sessions wait again in their old place (M-11), Mia keeps hers');
  await ben.presence('offline');
  await floor.expectStatus(anna, 'WAITING', 'Anna waits for another agent');
  expectThat((await floor.session(carl)).status === 'ACTIVE', "Carl's session goes on");
  await ben.uses(0, 'Ben is free of everything');

  say('\n== Ben comes back and takes Anna; logging out asks first, and then ends what he has (M-14)');
  await ben.presence('online');
  await ben.take(anna);
  const ongoing = await ben.tryLogout();
  expectThat(ongoing.status === 409, 'logging out is refused with the sessions it would end');
  await ben.logout();
  await floor.expectStatus(anna, 'ENDED', 'Anna’s session has ended');
  expectThat((await floor.session(anna)).endReason === 'agent_logout', 'because her agent logged out');

  say('\n== A supervisor ends what is left, all at once (M-10)');
  const left = [carl, dora, emma];
  const { results } = ok(await floor.endAll([...left, anna]));
  const ended = results.filter(({ result }: Json) => result === 'ended').length;
  expectThat(ended === left.length, `${ended} ended`);
  expectThat(
    results.some(({ sessionId, result }: Json) => sessionId === anna.sessionId && result === 'already_ended'),
    'Anna’s had ended already, and stays as it was',
  );
  await mia.closeTabs();
  await mia.uses(0, 'with her tabs closed, Mia is free (L-5)');

  say('\n== Mia ends one more session herself, and its customer is asked for a rating (A-4)');
  const fred = await begin('Fred', 'status');
  await mia.take(fred);
  await mia.say(fred, 'Done. Good bye!');
  await mia.post(fred, 'end', {});
  await floor.expectStatus(fred, 'ENDED', 'ended by Mia');
  await floor.rate(fred, 5);
}
