import * as fc from 'fast-check';
import type { MessageId, SessionId } from '../../kernel/index.js';
import { holderOf } from './index.js';
import { settings, switchboard } from './random-configuration.spec-kit.js';
import type { Actor, ConversationCommand, Settings, Switchboard, SwitchboardIntegration } from './index.js';
import {
  Story,
  accepts,
  ann,
  app,
  begins,
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

const linkedAs = (id: string | null): SwitchboardIntegration => cast.find((one) => one.id === id) ?? faq;
const keyOfHolder = ({ state }: Story): Actor => keyOf(linkedAs(holderOf(state.control)));

/** The epoch a caller believes in: none, the current one, or one that is over. */
const speaking = fc
  .tuple(businessKey, fc.constantFrom<number | null>(null, 0, -1))
  .map(([by, behind]) =>
    command('says', (story) => says(by, behind === null ? null : story.state.controlEpoch + behind)),
  );

const handsOver = fc
  .constantFrom('faq', 'desk', 'survey')
  .map((to) => command('holder hands over', (story) => pass(keyOfHolder(story), to)));
const partingWord = fc.constant(
  command('whoever left says', ({ state }) => says(keyOf(linkedAs(state.parting?.id ?? null)))),
);

const commands = fc.oneof(
  { weight: 3, arbitrary: handsOver },
  { weight: 2, arbitrary: partingWord },
  {
    weight: 6,
    arbitrary: step(
      'writes',
      fc.oneof(fc.constant<Actor>(ann), businessKey).map((by) => () => writes(by)),
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
      anyActor.map((by) => () => ({ type: 'recordPostback', by, userId: ann.userId }) satisfies ConversationCommand),
    ),
  },
  {
    weight: 1,
    arbitrary: step(
      'read',
      fc.tuple(anyActor, fc.constantFrom(ann.userId, null)).map(
        ([by, userId]) =>
          () =>
            ({ type: 'recordRead', by, userId }) satisfies ConversationCommand,
      ),
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
      'begins a session',
      businessKey.map((by) => () => begins(by)),
    ),
  },
  { weight: 1, arbitrary: fc.constant(command('settles', () => ({ type: 'settleGround' }))) },
  {
    weight: 1,
    arbitrary: step(
      'starts again',
      fc.constant(() => start()),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(businessKey, fc.constantFrom('one', 'all')).map(([by, which]) =>
      command(`deletes ${which}`, ({ state }) => ({
        type: 'removeMessages',
        by,
        messageId: which === 'one' ? ('m' as MessageId) : null,
        count: which === 'one' && state.messageCount > 0 ? 1 : state.messageCount,
      })),
    ),
  },
);

const removes = businessKey.map((by) => command('removes', () => ({ type: 'removeConversation', by })));

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
    { weight: 1, arbitrary: fc.oneof(removes, fc.constant<Step>({ do: 'wait', seconds: 0 })) },
  ),
  { maxLength: 50, size: 'max' },
);

/** Lives in which control is handed around and the one who left still speaks. */
export const handOvers = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: handsOver },
    { weight: 8, arbitrary: partingWord },
    { weight: 4, arbitrary: speaking },
    { weight: 8, arbitrary: commands },
    { weight: 3, arbitrary: fc.constantFrom(1, 4, 20).map((seconds): Step => ({ do: 'wait', seconds })) },
  ),
  { maxLength: 30, size: 'max' },
);
