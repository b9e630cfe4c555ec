import { describe, expect, it } from '@jest/globals';
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
  release,
  says,
  start,
  survey,
  system,
  writes,
} from '../story.spec-kit.js';

const keys = [app, keyOf(faq), keyOf(desk)];

describe('control behind the end of a session', () => {
  const closed = Story.of().given(start(), writes(), ends(ann));
  const open = Story.of(board(), { disableConversationReopen: false }).given(start(), writes(), ends(ann));

  it('of a closed conversation is moved by nobody', () => {
    for (const by of keys) {
      for (const command of [pass(by, 'desk'), pass(by, 'next'), offer(by, 'desk'), accepts(by)]) {
        const failed = closed.when(command);
        expect(failed.refusal).toMatchObject({ reason: 'controlFailed', code: 'switchboard_invalid_action' });
        expect(failed.happened).toEqual(['controlFailed']);
        expect(failed.control).toBe('nobody');
      }
    }
  });

  it('of a conversation that reopens is moved by no integration before the next session', () => {
    for (const by of keys.slice(1)) {
      for (const command of [pass(by, 'desk'), pass(by, 'next'), offer(by, 'desk')]) {
        expect(open.when(command).refusal).toMatchObject({ code: 'switchboard_invalid_action' });
      }
    }
    expect(open.given(writes()).when(pass(keyOf(faq), 'desk')).refusal).toBeNull();
  });

  it('an app key prepares the next session, on purpose', () => {
    expect(open.given(pass(app, 'desk'), writes()).control).toBe('desk');
    expect(open.given(offer(app, 'desk'), accepts(keyOf(desk)), writes()).control).toBe('desk');
  });

  it('what was prepared goes when the conversation is closed to the end user after all', () => {
    const window = Story.of(board(), { disableConversationReopen: false, reopenWithinSeconds: 60 });
    const prepared = window.given(start(), writes(), ends(ann), pass(app, 'desk')).later(60);
    const sessionId = prepared.state.session?.id ?? '';
    for (const command of [{ type: 'timerDue', kind: 'threadingWindow', subject: sessionId } as const, writes()]) {
      const shut = prepared.when(command);
      expect(shut.happened).toEqual(['controlReleased', 'conversationClosed']);
      expect(shut.control).toBe('nobody');
    }
  });

  it('of a conversation that an earlier version let be passed behind its end is let go at the next command', () => {
    const state = { ...closed.state, control: { status: 'active', active: desk.id } } as const;
    const old = Object.assign(Object.create(Object.getPrototypeOf(closed)), closed, { state }) as Story;
    expect(old.when({ type: 'settleGround' }).happened).toEqual(['controlReleased']);
    expect(old.when(says(keyOf(desk))).refusal).toEqual({ reason: 'conversationEnded' });
  });
});

describe('the release at an end', () => {
  const told = (story: Story) => story.decision.events.find(({ type }) => type === 'controlReleased');

  it('says whose end it is, as the hand-over to a post-end integration does', () => {
    const session = Story.of().given(start(), writes());
    const metadata = { sessionId: session.state.session?.id, endedBy: 'end_user', endReason: 'end_user_ended' };
    expect(told(session.when(ends(ann)))).toMatchObject({ reason: 'sessionEnded', metadata, cause: 'sessionEnd' });
    const ending = session.configured(board(), { onEnd: passedTo('survey') }).when(ends(ann));
    expect(ending.decision.events).toContainEqual(expect.objectContaining({ type: 'controlPassed', metadata }));
  });

  it('of a post-end flow says so beside what the integration says, which keeps its own reason', () => {
    const ending = Story.of(board(), { onEnd: passedTo('survey') }).given(start(), writes(), ends(ann));
    const metadata = { done: true, endedBy: 'end_user', endReason: 'end_user_ended' };
    expect(told(ending.when(release(keyOf(survey))))).toMatchObject({ reason: 'ticketClosed', metadata });
    const due = ending.later(900).when({ type: 'expireEnding', sessionId: ending.state.session?.id ?? '' });
    expect(told(due)).toMatchObject({ reason: 'sessionEnded', metadata: { endReason: 'end_user_ended' } });
  });

  it('before an end has no such reason', () => {
    const released = Story.of().given(start(), writes()).when(release(app));
    expect(told(released)).toMatchObject({ reason: 'ticketClosed', metadata: { done: true } });
  });
});

describe('a session that is ending', () => {
  const switchboard = board({ integrations: [...cast.slice(0, 2), { ...survey, nextId: floor.id }, floor] });
  const ending = Story.of(switchboard, { onEnd: passedTo('survey') }).given(start(), writes(), ends(ann));

  it('goes to no agents: nobody would ever come', () => {
    for (const by of [app, keyOf(survey)]) {
      for (const command of [
        pass(by, floor.id),
        pass(by, 'next'),
        offer(by, floor.id),
        offer(by, 'next'),
        { ...offer(by, 'desk'), fallback: [floor.id] } as ReturnType<typeof offer>,
      ]) {
        const failed = ending.when(command);
        expect(failed.refusal).toMatchObject({ reason: 'controlFailed', message: expect.stringMatching(/is ending/) });
        expect(failed.control).toBe('survey');
      }
    }
    expect(ending.when(pass(keyOf(survey), 'desk')).refusal).toBeNull();
  });

  it('does not begin with a hand-over to agents', () => {
    const toPeople = Story.of(switchboard, { onEnd: passedTo(floor.name) }).given(start(), writes(), ends(ann));
    expect(toPeople.state.session).toMatchObject({ status: 'ENDED', end: { postEndSkipped: true } });
  });

  it('is ended by its holder or an app key also with the switchboard out of use', () => {
    const idle = ending.configured({ ...switchboard, enabled: false });
    for (const by of [app, system, keyOf(survey)]) expect(idle.when(release(by)).state.session?.status).toBe('ENDED');
    expect(idle.when(release(keyOf(desk))).refusal).toMatchObject({ reason: 'forbidden' });
  });
});

describe('the end of an app', () => {
  it('ends its sessions without asking anybody', () => {
    const live = Story.of(board(), { onEnd: { ...passedTo('survey'), system: { mode: 'pass', to: 'survey' } } });
    const over = live
      .given(start(), writes())
      .when({ ...ends(system), reason: 'app_deleted' } as ReturnType<typeof ends>);
    expect(over.state.session).toMatchObject({
      status: 'ENDED',
      end: { reason: 'app_deleted', endedBy: { type: 'system' } },
    });
  });
});
