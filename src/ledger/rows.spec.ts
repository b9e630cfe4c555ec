import { describe, expect, it } from '@jest/globals';
import { insertRows, updateRows } from './rows.js';

const columns = { id: 'text', at: 'timestamptz', body: 'jsonb' };

describe('rows in one statement', () => {
  it('inserts by parallel arrays, one parameter a column whatever the number of rows', () => {
    const insert = insertRows('thing', columns);
    expect(insert([])).toEqual({
      name: 'insert_thing',
      text: 'INSERT INTO thing (id, at, body) SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::jsonb[])',
      values: [[], [], []],
    });
    const at = new Date(0);
    const two = insert([
      { id: 'a', at, body: { n: 1 } },
      { id: 'b', at: null, body: [1, 'x'] },
    ]);
    expect(two.text).toBe(insert([]).text);
    expect(two.values).toEqual([
      ['a', 'b'],
      [at, null],
      ['{"n":1}', '[1,"x"]'],
    ]);
  });

  it('updates by the first column, and never writes that one', () => {
    const update = updateRows('thing', columns);
    expect(update([{ id: 'a', at: null, body: 'words' }])).toEqual({
      name: 'update_thing',
      text:
        'UPDATE thing SET at = fresh.at, body = fresh.body ' +
        'FROM unnest($1::text[], $2::timestamptz[], $3::jsonb[]) AS fresh (id, at, body) WHERE thing.id = fresh.id',
      values: [['a'], [null], ['"words"']],
    });
  });

  it('takes a name and a suffix: two texts under one name would be one prepared statement', () => {
    const suffix = 'ON CONFLICT DO NOTHING';
    const { name, text } = insertRows('thing', { id: 'text' }, { name: 'thing_once', suffix })([]);
    expect(name).toBe('thing_once');
    expect(text).toBe(`INSERT INTO thing (id) SELECT * FROM unnest($1::text[]) ${suffix}`);
    expect(updateRows('thing', columns, { suffix: 'RETURNING thing.id' })([]).text).toMatch(/ RETURNING thing\.id$/);
  });

  it('makes NULL of null and undefined, in json columns too, and JSON of every other value there', () => {
    const { values } = insertRows('thing', { body: 'jsonb', old: 'json', words: 'text' })([
      { body: null, old: undefined, words: undefined },
      { body: false, old: 0, words: '' },
      { body: 'null', old: {}, words: 'null' },
    ]);
    expect(values).toEqual([
      [null, 'false', '"null"'],
      [null, '0', '{}'],
      [null, '', 'null'],
    ]);
  });

  it('writes what it was asked for only: other fields of a row stay out', () => {
    const row = { id: 'a', secret: 'x' };
    expect(insertRows('thing', { id: 'text' })([row]).values).toEqual([['a']]);
  });
});
