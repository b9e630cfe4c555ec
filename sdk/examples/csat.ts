/**
 * A CSAT service of your own: asks once per ended session, where the source says so and the end user can be reached. It
 * needs nothing of Switchboard but this kit: `NATS_URL=nats://127.0.0.1:4222 node csat.js`.
 *
 * Switchboard asks too, unless `csat.sendOn` of the app is `[]`: then `csat.askedBy` is `own`, and nobody is asked twice.
 *
 * The ids of what was asked live in a file here, in one write with the survey; yours live in your database.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { EventConsumer, accessIn, connectTo, type Once } from '../index.js';

const FILE = process.env['SURVEYS_FILE'] ?? 'surveys.jsonl';

/** One line is one survey and the id of its event: both are there, or neither. */
class SurveyFile implements Once<(survey: object) => void> {
  readonly #asked = new Set(existsSync(FILE) ? readFileSync(FILE, 'utf8').split('\n').map(idOf) : []);

  async run(eventId: string, effect: (write: (survey: object) => void) => Promise<void>): Promise<boolean> {
    if (this.#asked.has(eventId)) return false;
    let line: object = {};
    await effect((survey) => (line = survey));
    appendFileSync(FILE, `${JSON.stringify({ eventId, ...line })}\n`);
    this.#asked.add(eventId);
    return true;
  }
}

const idOf = (line: string): string => (line === '' ? '' : (JSON.parse(line) as { eventId: string }).eventId);

const connection = connectTo(process.env['NATS_URL'] ?? 'nats://127.0.0.1:4222', {
  name: 'example csat',
  ...accessIn(process.env),
});
const consumer = new EventConsumer({
  name: 'example-csat',
  events: 'session.ended',
  connection: connection.source,
  once: new SurveyFile(),
  handle: async ({ data }, write) => {
    const { sessionId, endUserId, endedBy, csat } = data;
    if (!csat.eligible || csat.channelHint === 'none') return;
    write({ sessionId, endUserId, ask: csat.channelHint, askAt: csat.askAt, about: csat.kind });
    console.log(`survey for session ${sessionId}, ended by ${endedBy.type}: ${csat.channelHint}`);
  },
});
consumer.start();

process.once('SIGTERM', () => void leave());
process.once('SIGINT', () => void leave());

async function leave(): Promise<void> {
  await consumer.stop();
  await connection.close();
}
