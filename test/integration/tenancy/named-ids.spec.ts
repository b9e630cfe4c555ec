import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Db } from '../../../src/platform/postgres/index.js';
import { namedIds, type NamedId } from '../../support/named-ids.js';
import { pathOf } from '../../support/routes.js';
import { traceOf } from '../../support/trace.js';
import { attempts, CHOSEN, type Attempt } from './named-ids.rows.js';
import { openStage, type Answer, type Json, type Stage } from './stage.js';
import { openHouse, type House } from './walls.js';

/**
 * The wall between apps, for ids in bodies: whatever one app names of another's is answered as what nobody has, and
 * leaves no trace there. `strangers.spec.ts` does the same for paths and queries.
 */
let stage: Stage;
let places: readonly NamedId[] = [];
let mine: House;
let theirs: House;
let sql: Client;

beforeAll(async () => {
  stage = await openStage();
  places = namedIds(stage.started.app);
  theirs = await openHouse(stage, 'theirs');
  mine = await openHouse(stage, 'mine');
  sql = new Client(stage.started.app.get(Db).url);
  await sql.connect();
}, 90_000);
afterAll(async () => {
  await sql?.end();
  await stage?.close();
});

const NOBODY = '0'.repeat(24);
const REFUSED = [400, 404, 409, 422];

async function send(place: string, attempt: Attempt, id: string): Promise<Answer> {
  const [method = '', path = ''] = place.split(' ');
  const talk = await mine.talk();
  const params = { appId: mine.tenant.id, ...(await attempt.at?.(mine, talk)) };
  const body = await attempt.body(id, mine, talk);
  const caller = (await attempt.by?.(mine, talk)) ?? mine.tenant.caller;
  return caller.send(method, pathOf({ method, path }, params), body);
}

/** What is told, without the id that was asked for. */
const told = ({ status, body }: Answer, id: string): Json => [
  status,
  JSON.parse(JSON.stringify(body).replaceAll(id, 'id')),
];

describe('ids in bodies', () => {
  it('are all tried with the ids of another app: a place that is new has a row here', () => {
    const found = places.map(({ route, field }) => `${route} ${field}`);
    expect(found.length).toBeGreaterThan(30);
    const tried = [...Object.keys(attempts), ...Object.keys(CHOSEN)];
    expect([...new Set(found)].toSorted()).toEqual(tried.toSorted());
  });

  it.each(Object.entries(attempts))('%s names only what is of the app', async (place, several) => {
    for (const attempt of several) {
      const { of, own = 0, each } = attempt;
      const good = await send(place, attempt, of(mine.ids));
      if (own === 0 ? good.status >= 300 : good.status !== own) throw new Error(`of the app: ${JSON.stringify(good)}`);
      const before = await traceOf(sql, theirs.tenant.id);
      const foreign = await send(place, attempt, of(theirs.ids));
      const nobodys = await send(place, attempt, of(theirs.ids).length === 24 ? NOBODY : 'nobody');
      expect(await traceOf(sql, theirs.tenant.id)).toEqual(before);
      if (each === undefined) {
        expect(REFUSED).toContain(foreign.status);
      } else {
        expect([foreign.status, foreign.body.results[0].result]).toEqual([200, each]);
      }
      expect(told(foreign, of(theirs.ids))).toEqual(told(nobodys, of(theirs.ids).length === 24 ? NOBODY : 'nobody'));
      expect(JSON.stringify(foreign.body)).not.toContain('theirs');
    }
  });
});
