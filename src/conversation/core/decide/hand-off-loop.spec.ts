import { describe, expect, it } from '@jest/globals';
import type { Actor, Switchboard } from '../index.js';
import {
  Story,
  accepts,
  ann,
  app,
  board,
  cast,
  desk,
  ends,
  faq,
  floor,
  keyOf,
  offer,
  pass,
  passedTo,
  says,
  start,
  stranger,
  survey,
  writes,
} from '../story.spec-kit.js';

const begun = (switchboard: Switchboard = board(), settings = {}): Story =>
  Story.of(switchboard, settings).given(start(), writes());
const ping = [pass(keyOf(faq), 'desk'), pass(keyOf(desk), 'faq')];
const rounds = (story: Story, n: number): Story => story.given(...Array.from({ length: n }, () => ping).flat());
const withPeople = board({ integrations: [...cast, floor] });

describe('bots that hand a conversation around', () => {
  it('are stopped at the twenty-first hand-off without a word: people take it', () => {
    const stopped = rounds(begun(withPeople), 10).when(pass(keyOf(faq), 'desk'));
    expect(stopped.decision.events).toMatchObject([
      { type: 'handOffLoopStopped', between: [faq.id, desk.id], handOffs: 20, to: floor.id },
      { type: 'controlPassed', from: faq.id, to: floor.id, cause: 'loopStopped', by: { type: 'system' } },
      { type: 'controlFailed', action: 'pass', code: 'switchboard_invalid_action' },
      { type: 'sessionQueued' },
    ]);
    expect(stopped.refusal).toMatchObject({ reason: 'controlFailed' });
  });

  it('go to the default where no people are, once, and then nothing moves by their keys', () => {
    const stopped = rounds(begun(), 10)
      .given(pass(app, 'desk'))
      .given(...Array.from({ length: 10 }, () => [pass(keyOf(desk), 'survey'), pass(keyOf(survey), 'desk')]).flat());
    const first = stopped.when(pass(keyOf(desk), 'survey'));
    expect(first.happened).toEqual(['handOffLoopStopped', 'controlPassed', 'controlFailed']);
    expect(first.control).toBe('faq');
    for (const next of [pass(keyOf(faq), 'desk'), pass(keyOf(desk), 'desk'), pass(stranger, 'desk')]) {
      expect(first.when(next).happened).toEqual(['controlFailed']);
      expect(first.when(next).control).toBe('faq');
    }
  });

  it('names everybody who took part', () => {
    const circle = [pass(keyOf(faq), 'desk'), pass(keyOf(desk), 'survey'), pass(keyOf(survey), 'faq')];
    const stopped = begun(board({ handOffLimit: 3 }))
      .given(...circle)
      .when(pass(keyOf(faq), 'desk'));
    expect(stopped.decision.events[0]).toMatchObject({ between: [faq.id, desk.id, survey.id], handOffs: 3 });
  });

  it('offers that they make and accept by themselves count as well', () => {
    const swap = [offer(keyOf(faq), 'desk'), accepts(keyOf(desk)), offer(keyOf(desk), 'faq'), accepts(keyOf(faq))];
    const around = begun(board({ handOffLimit: 2 })).given(...swap, offer(keyOf(faq), 'desk'));
    expect(around.when(accepts(keyOf(desk))).happened).toEqual(['handOffLoopStopped', 'controlFailed']);
  });

  it.each<[string, (story: Story) => Story]>([
    ['a message of the end user', (story) => story.given(writes())],
    ['a message of the holder', (story) => story.given(says(keyOf(faq)))],
    ['a pass by an app key', (story) => story.given(pass(app, 'desk'), pass(app, 'faq'))],
  ])('the count begins anew with %s', (_what, go) => {
    expect(rounds(go(rounds(begun(), 10)), 10).refusal).toBeNull();
  });

  it.each<[string, Actor]>([
    ['an app key', app],
    ['the system', { type: 'system' }],
  ])('%s is never counted', (_who, by) => {
    const passes = Array.from({ length: 30 }, () => [pass(by, 'desk'), pass(by, 'faq')]).flat();
    expect(begun().given(...passes).refusal).toBeNull();
  });

  it('may always hand over to people', () => {
    const tired = rounds(begun(withPeople), 10);
    expect(tired.when(pass(keyOf(faq), floor.id)).happened).toEqual(['controlPassed', 'sessionQueued']);
  });

  it('are never stopped where the limit is 0', () => {
    expect(rounds(begun(board({ handOffLimit: 0 })), 30).refusal).toBeNull();
  });

  it('are stopped in a post-end flow too, which people never join', () => {
    const ending = begun(board({ integrations: [...cast, floor], handOffLimit: 2 }), { onEnd: passedTo('survey') });
    const around = ending.given(ends(ann), pass(keyOf(survey), 'desk'), pass(keyOf(desk), 'survey'));
    const stopped = around.when(pass(keyOf(survey), 'desk'));
    expect(stopped.happened).toEqual(['handOffLoopStopped', 'controlPassed', 'controlFailed']);
    expect(stopped.control).toBe('faq');
  });
});
