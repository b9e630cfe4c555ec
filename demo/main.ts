/**
 * `npm run demo`: a conversation passes from a bot to a desk and ends, on the server that `npm start` runs, with bots
 * and a NATS listener as processes of their own; once with `onEnd` release, once with pass. Exits 1 unless what they
 * saw is what the database holds.
 */
import { Cast } from './cast.js';
import { ok, type Json } from './api.js';
import { tellStory, type Told } from './story.js';
import { eventually, expectThat, failed, say } from './telling.js';

const url = process.env['SWITCHBOARD_URL'] ?? `http://127.0.0.1:${process.env['PORT'] ?? 8080}`;
const dataDir = process.env['SWITCHBOARD_DATA_DIR'] ?? './data';

const cast = await Cast.gather(url, dataDir);
try {
  for (const mode of ['release', 'pass'] as const) await check(await tellStory(cast, mode));
  await cast.admin.patch(`/v2/apps/${cast.appId}`, { settings: { onEnd: { endUser: 'release' } } });
} finally {
  cast.dismiss();
}
say(failed() === 0 ? '\nThe story is told, and all of it is so.' : `\n${failed()} things were not so.`);
process.exitCode = failed() === 0 ? 0 : 1;

/** Holds what the bots and the listener saw against what the database holds, read over the API. */
async function check(told: Told): Promise<void> {
  const timeline = await wholeTimeline(told.conversationId);
  say('\n  timeline');
  for (const entry of timeline) say(`    ${line(entry)}`);
  expectThat(
    timeline.filter(({ kind, type }) => kind === 'refusal' && type === 'notInControl').length === 1,
    'the timeline shows the one refused message',
  );
  for (const bot of [cast.faq, cast.desk, cast.survey]) {
    const seqs = bot.heard(told.conversationId).map(({ seq }) => seq);
    if (seqs.length === 0) continue;
    expectThat(
      seqs.every((seq, index) => index === 0 || seq > seqs[index - 1]!),
      `${bot.name} heard ${seqs.length} events in rising seq: ${seqs.join(' ')}`,
    );
  }
  const messages = ok(await cast.admin.get(`/v2/apps/${cast.appId}/conversations/${told.conversationId}/messages`));
  const texts: string[] = messages.messages.map((message: Json) => message.content.text);
  expectThat(!texts.some((text) => text.startsWith('While you wait')), 'the late reply is not in the transcript');
  expectThat(
    messages.messages.at(-1).activity?.type === 'conversation:endedByUser',
    'the last entry of the transcript is the end note',
  );
  await checkEnded(told);
}

/** One `session.ended` on NATS, and it says what the session's row says. */
async function checkEnded(told: Told): Promise<void> {
  const { session } = ok(await cast.admin.get(`/v2/apps/${cast.appId}/sessions/${told.sessionId}`));
  await eventually(() => cast.endedEvents(told.sessionId)[0] ?? null, 'session.ended on NATS');
  const events = cast.endedEvents(told.sessionId);
  const { data } = events[0]!;
  expectThat(events.length === 1, 'another process read exactly one session.ended off NATS');
  expectThat(
    data.conversationId === told.conversationId &&
      data.endedBy.type === session.endedBy.type &&
      data.endReason === session.endReason &&
      data.endedAt === session.endedAt,
    `it says what the database holds: ended by ${data.endedBy.type}, ${data.endReason}, at ${data.endedAt}`,
  );
  expectThat((data.postEnd !== null) === (told.mode === 'pass'), `post-end flow: ${JSON.stringify(data.postEnd)}`);
}

async function wholeTimeline(conversationId: string): Promise<Json[]> {
  const entries: Json[] = [];
  let after: string | undefined;
  do {
    const query = after ? `?page[after]=${encodeURIComponent(after)}` : '';
    const page = ok(await cast.admin.get(`/v2/apps/${cast.appId}/conversations/${conversationId}/timeline${query}`));
    entries.push(...page.timeline);
    after = page.meta.hasMore ? page.meta.afterCursor : undefined;
  } while (after);
  return entries;
}

function line({ at, seq, controlEpoch, kind, type, data }: Json): string {
  const place = kind === 'refusal' ? 'refused' : `seq ${String(seq).padStart(2)}`;
  const [from, to, holder] = [data.from ?? data.active, data.to, data.holder].map((one) => one?.name ?? one?.id);
  const what = [from && `from ${from}`, to && `to ${to}`, holder && `held by ${holder}`];
  const why = [data.cause, data.reason, data.end?.reason].filter((one) => typeof one === 'string');
  return `${at.slice(11, 23)}  ${place}  epoch ${controlEpoch}  ${type.padEnd(20)} ${[...what, ...why].filter(Boolean).join(', ')}`;
}
