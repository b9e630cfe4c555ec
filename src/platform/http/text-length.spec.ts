import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { Length, MaxLength } from './text-length.js';

class WordsDto {
  @Length(2, 3) name: unknown = '';
  @MaxLength(2, { each: true }) tags: unknown = [];
}

const faultsOf = (body: Partial<WordsDto>): readonly string[] =>
  validateSync(Object.assign(new WordsDto(), { name: 'Ana', ...body })).flatMap(({ constraints }) =>
    Object.values(constraints ?? {}),
  );

describe('texts of a body', () => {
  it('are counted in code points, each emoji one and each mark beside one another', () => {
    for (const name of ['😀😀', '😀😀😀', '❤️']) expect(faultsOf({ name })).toEqual([]);
    for (const name of ['😀', '😀😀😀😀', '❤️❤️', 12, undefined])
      expect(faultsOf({ name })).toEqual(['name must have 2 to 3 characters (Unicode code points)']);
  });

  it('are counted one by one in a list', () => {
    expect(faultsOf({ tags: ['😀😀', ''] })).toEqual([]);
    expect(faultsOf({ tags: ['a', '❤️❤️'] })).toEqual([
      'each value in tags must have at most 2 characters (Unicode code points)',
    ]);
  });
});
