import * as fc from 'fast-check';
import type { MessageId, SessionId } from '../../kernel/index.js';
import type { Actor, ConversationCommand, OnEnd, Settings, Switchboard } from './index.js';
import {
  Story,
  accepts,
  ann,
  app,
  board,
  cast,
  declines,
  desk,
  dies,
  ends,
  faq,
  inviteeDies,
  keyOf,
  offer,
  pass,
  release,
  says,
  start,
  stranger,
  survey,
  system,
  usual,
  writes,
} from './story.spec-kit.js';

/** One step of a random life: a command, a change of configuration between commands, or time that goes by. */
export type Step =
  | { readonly do: 'command'; readonly make: (story: Story) => ConversationCommand; readonly what: string }
  | { readonly do: 'configure'; readonly switchboard: Switchboard | null; readonly settings: Partial<Settings> }
  | { readonly do: 'wait'; readonly seconds: number };

export const take = (story: Story, step: Step): Story => {
  if (step.do === 'command') return story.when(step.make(story));
  if (step.do === 'wait') return story.later(step.seconds);
  return story.configured(step.switchboard, step.settings);
};

const integrationKey = fc.constantFrom<Actor>(keyOf(faq), keyOf(desk), keyOf(survey), stranger);
const businessKey = fc.oneof(fc.constant<Actor>(app), integrationKey);
const anyActor = fc.oneof(businessKey, fc.constantFrom<Actor>(ann, system));
const target = fc.constantFrom('next', 'faq', 'desk', 'survey', desk.id, 'zd:helpDesk', 'custom', 'nobody');

const command = (what: string, make: (story: Story) => ConversationCommand): Step => ({ do: 'command', what, make });
const step = (what: string, made: fc.Arbitrary<() => ConversationCommand>): fc.Arbitrary<Step> =>
  made.map((make) => command(what, make));

/** The epoch a caller believes in: none, the current one, or one that is over. */
const speaking = fc
  .tuple(businessKey, fc.constantFrom<number | null>(null, 0, -1))
  .map(([by, behind]) =>
    command('says', (story) => says(by, behind === null ? null : story.state.controlEpoch + behind)),
  );

const commands = fc.oneof(
  {
    weight: 6,
    arbitrary: step(
      'writes',
      fc.constantFrom<Actor>(ann, app).map((by) => () => writes(by)),
    ),
  },
  { weight: 6, arbitrary: speaking },
  {
    weight: 4,
    arbitrary: step(
      'passes',
      fc.tuple(anyActor, target).map(
        ([by, to]) =>
          () =>
            pass(by, to),
      ),
    ),
  },
  {
    weight: 4,
    arbitrary: step(
      'offers',
      fc.tuple(anyActor, target, fc.constantFrom(null, 5, 60), fc.option(fc.array(target, { maxLength: 2 }))).map(
        ([by, to, secs, fallback]) =>
          () =>
            ({ ...offer(by, to, secs), fallback }) as ConversationCommand,
      ),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(0, 0, 1).map((behind) => command('holder dies', (story) => dies(story, behind))),
  },
  { weight: 2, arbitrary: fc.constant(command('invitee dies', inviteeDies)) },
  {
    weight: 3,
    arbitrary: step(
      'accepts',
      anyActor.map((by) => () => accepts(by)),
    ),
  },
  {
    weight: 2,
    arbitrary: step(
      'declines',
      anyActor.map((by) => () => declines(by)),
    ),
  },
  {
    weight: 3,
    arbitrary: step(
      'releases',
      anyActor.map((by) => () => release(by)),
    ),
  },
  {
    weight: 3,
    arbitrary: step(
      'ends',
      anyActor.map((by) => () => ends(by)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(0, 1, 7)
      .map((behind) => command('offer timer', (story) => ({ type: 'expireOffer', offerSeq: story.offerSeq - behind }))),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(true, false).map((mine) =>
      command('ending timer', (story) => ({
        type: 'expireEnding',
        sessionId: (mine ? story.state.session?.id : undefined) ?? ('other' as SessionId),
      })),
    ),
  },
  {
    weight: 1,
    arbitrary: step(
      'postback',
      fc.constant(() => ({ type: 'recordPostback', by: ann, userId: ann.userId })),
    ),
  },
  {
    weight: 1,
    arbitrary: step(
      'read',
      fc.constantFrom(ann.userId, null).map((userId) => () => ({ type: 'recordRead', by: ann, userId })),
    ),
  },
  {
    weight: 1,
    arbitrary: step(
      'joins',
      fc.tuple(fc.constantFrom(0, 9, 10), fc.boolean()).map(
        ([participants, takesPart]) =>
          () =>
            ({ type: 'joinConversation', by: app, userId: ann.userId, participants, takesPart }) as const,
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: step(
      'leaves',
      fc.constant(() => ({ type: 'leaveConversation', by: app, userId: ann.userId })),
    ),
  },
  {
    weight: 1,
    arbitrary: step(
      'changes',
      fc.constant(() => ({ type: 'changeDetails', by: app })),
    ),
  },
  {
    weight: 1,
    arbitrary: step(
      'starts again',
      fc.constant(() => start()),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('one', 'all').map((which) =>
      command(`deletes ${which}`, ({ state }) => ({
        type: 'removeMessages',
        by: app,
        messageId: which === 'one' ? ('m' as MessageId) : null,
        count: which === 'one' && state.messageCount > 0 ? 1 : state.messageCount,
      })),
    ),
  },
);

const removes = command('removes', () => ({ type: 'removeConversation', by: app }));

const onEnd = fc.constantFrom<OnEnd>(
  { mode: 'release' },
  { mode: 'pass', to: 'survey' },
  { mode: 'pass', to: 'nobody' },
);
const settings: fc.Arbitrary<Partial<Settings>> = fc.record({
  multiConvoEnabled: fc.boolean(),
  endSessionEnabled: fc.boolean(),
  disableConversationReopen: fc.boolean(),
  agentsCanEnd: fc.boolean(),
  onEnd: fc.record({ end_user: onEnd, agent: onEnd, bot: onEnd, system: onEnd }),
  endingMaxSeconds: fc.constantFrom(0, 30, usual.endingMaxSeconds),
});

/** Enabled and whole most of the time, so that stories get somewhere; integrations come and go. */
const switchboard: fc.Arbitrary<Switchboard | null> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  {
    weight: 9,
    arbitrary: fc
      .record({
        enabled: fc.constantFrom(true, true, true, true, false),
        defaultId: fc.constantFrom(faq.id, faq.id, desk.id, null),
        enforcement: fc.constantFrom('strict' as const, 'strict' as const, 'warn' as const, 'off' as const),
        offerExpirySeconds: fc.constantFrom(null, 20),
        integrations: fc.oneof(fc.constant(cast), fc.constant(cast), fc.subarray([...cast])),
      })
      .map(board),
  },
);

export const beginning = fc
  .tuple(switchboard, settings)
  .map(([first, chosen]) => Story.of(first, chosen).given(start()));

export const steps = fc.array(
  fc.oneof(
    { weight: 40, arbitrary: commands },
    { weight: 5, arbitrary: fc.constantFrom(1, 20, 1000).map((seconds): Step => ({ do: 'wait', seconds })) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(switchboard, settings)
        .map(([next, chosen]): Step => ({ do: 'configure', switchboard: next, settings: chosen })),
    },
    { weight: 1, arbitrary: fc.oneof(fc.constant(removes), fc.constant<Step>({ do: 'wait', seconds: 0 })) },
  ),
  { maxLength: 50, size: 'max' },
);
