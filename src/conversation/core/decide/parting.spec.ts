import { describe, expect, it } from '@jest/globals';
import {
  Story,
  accepts,
  ann,
  app,
  board,
  declines,
  desk,
  dies,
  ends,
  faq,
  floor,
  keyOf,
  offer,
  pass,
  passedTo,
  says,
  start,
  survey,
  writes,
} from '../story.spec-kit.js';

const held = Story.of().given(start(), writes());
const passed = held.given(pass(keyOf(faq), 'desk'));

describe('a parting word', () => {
  it('is said by whoever gave control away by its own pass, and marked', () => {
    const said = passed.later(9).when(says(keyOf(faq)));
    expect(said.decision.events).toMatchObject([
      { type: 'messageSent', sender: faq.id, senderKind: 'bot', outOfTurn: false, parting: true },
    ]);
    expect(said.control).toBe('desk');
    expect(passed.when(says(keyOf(desk))).decision.events).toMatchObject([{ outOfTurn: false, parting: false }]);
  });

  it('may be several, until their time is over', () => {
    const twice = passed.given(says(keyOf(faq)), says(keyOf(faq)));
    expect(twice.later(9).when(says(keyOf(faq))).refusal).toBeNull();
    expect(twice.later(10).when(says(keyOf(faq))).refusal).toMatchObject({ reason: 'notInControl' });
  });

  it('is due to the holder whose own offer was accepted, along its line of invitations too', () => {
    const accepted = held.given(offer(keyOf(faq), 'desk'), accepts(keyOf(desk)));
    expect(accepted.when(says(keyOf(faq))).decision.events).toMatchObject([{ parting: true }]);
    const line = { ...offer(keyOf(faq), 'desk'), fallback: ['survey'] } as ReturnType<typeof offer>;
    const second = held.given(line, declines(keyOf(desk)), accepts(keyOf(survey)));
    expect(second.when(says(keyOf(faq))).decision.events).toMatchObject([{ parting: true }]);
  });

  it.each([
    ['a pass by an app key', held.given(pass(app, 'desk'))],
    ['the new holder that took control itself', held.given(pass(keyOf(desk), 'desk'))],
    ['a third one that moved it', held.given(pass(keyOf(survey), 'desk'))],
    ["an offer of somebody else's", held.given(offer(app, 'desk'), accepts(keyOf(desk)))],
    ['a fail-over', held.given(dies(held))],
  ])('never follows %s', (_what, story) => {
    expect(story.when(says(keyOf(faq))).refusal).toMatchObject({ reason: 'notInControl' });
  });

  it.each([
    ['the new holder has spoken', passed.given(says(keyOf(desk)))],
    ['control has moved again', passed.given(pass(keyOf(desk), 'survey'))],
    ['control came back and went once more', passed.given(pass(app, 'faq'), pass(app, 'desk'))],
    ['the session is over', passed.given(ends(app))],
  ])('is over once %s', (_what, story) => {
    expect(story.when(says(keyOf(faq))).refusal).not.toBeNull();
  });

  it('is not due to somebody who passed on what it did not hold', () => {
    const other = held.given(pass(keyOf(desk), 'survey'));
    expect(other.when(says(keyOf(desk))).refusal).toMatchObject({ reason: 'notInControl', holder: survey });
  });

  it('is said for as long as the switchboard allows, or not at all', () => {
    const never = held.configured(board({ partingSeconds: 0 })).given(pass(keyOf(faq), 'desk'));
    expect(never.when(says(keyOf(faq))).refusal).toMatchObject({ reason: 'notInControl' });
    const long = held.configured(board({ partingSeconds: 60 })).given(pass(keyOf(faq), 'desk'));
    expect(long.later(59).when(says(keyOf(faq))).refusal).toBeNull();
  });

  it('behind a hand-over to people it is said until one of them comes', () => {
    const cast = [faq, desk, survey, floor];
    const waiting = held.configured(board({ integrations: cast })).given(pass(keyOf(faq), floor.id));
    expect(waiting.state.session?.status).toBe('WAITING');
    expect(waiting.when(says(keyOf(faq))).decision.events).toMatchObject([{ parting: true }]);
  });

  it('is no answer to the end user and starts no clock', () => {
    const told = passed
      .later(1)
      .given(writes())
      .when(says(keyOf(faq)));
    expect(told.state.answering.owedSince).not.toBeNull();
  });

  it('is also due to a post-end integration that hands on', () => {
    const ending = Story.of(board(), { onEnd: passedTo('survey') }).given(start(), writes(), ends(ann));
    expect(ending.given(pass(keyOf(survey), 'desk')).when(says(keyOf(survey))).refusal).toBeNull();
  });
});
