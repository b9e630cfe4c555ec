import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ConversationCommand } from './core/index.js';
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
  keyOf,
  offer,
  pass,
  passedTo,
  release,
  says,
  start,
  survey,
  writes,
} from './core/story.spec-kit.js';

/**
 * `docs/control.md` says what every command does in every state. The tables there are made from the real `decide`;
 * this test fails when they are stale, and writes them anew when run with UPDATE_DOCS=1.
 */
const DOCUMENT = 'docs/control.md';

const open = { disableConversationReopen: false };
const live = Story.of(board(), open).given(start(), writes());
const offered = live.given(offer(app, 'desk', 60));
const ending = live
  .configured(board(), { onEnd: passedTo('survey') })
  .given(ends(ann))
  .later(900);

const states: readonly (readonly [string, Story])[] = [
  ['held', live],
  ['offered', offered],
  ['unheld', live.given(release(app))],
  ['ending', ending],
  ['over, open', live.given(ends(ann))],
  ['over, closed', live.configured(board(), { disableConversationReopen: true }).given(ends(ann))],
];

/** What is tried, and how many seconds after the state was reached. */
type Rows = readonly (readonly [string, (story: Story) => ConversationCommand, number?])[];

const talking: Rows = [
  ['end user writes', () => writes()],
  ['end user presses a button', () => ({ type: 'recordPostback', by: ann, userId: ann.userId })],
  ['end user reads', () => ({ type: 'recordRead', by: ann, userId: ann.userId })],
  ['faq sends', () => says(keyOf(faq))],
  ['desk sends', () => says(keyOf(desk))],
  ['survey sends', () => says(keyOf(survey))],
  ['app key sends', () => says(app)],
  ['app key sends with epoch 1', () => says(app, 1)],
];

const handing: Rows = [
  ['app key passes to desk', () => pass(app, 'desk')],
  ['desk passes to itself', () => pass(keyOf(desk), 'desk')],
  ['faq passes to `next`', () => pass(keyOf(faq), 'next')],
  ['app key offers to survey', () => offer(app, 'survey')],
  ['app key offers to faq', () => offer(app, 'faq')],
  ['desk accepts', () => accepts(keyOf(desk))],
  ['app key accepts', () => accepts(app)],
  ['desk declines', () => declines(keyOf(desk))],
  ['faq releases', () => release(keyOf(faq))],
  ['survey releases', () => release(keyOf(survey))],
  ['app key releases', () => release(app)],
  ['deadline of the offer', (story) => ({ type: 'expireOffer', offerSeq: story.offerSeq }), 60],
  ['deadline of a dead holder', (story) => dies(story), 30],
];

const closing: Rows = [
  ['end user ends', () => ends(ann)],
  ['faq ends', () => ends(keyOf(faq))],
  ['desk ends', () => ends(keyOf(desk))],
  ['app key ends', () => ends(app)],
  [
    'deadline of the post-end flow',
    (story) => ({ type: 'expireEnding', sessionId: story.state.session?.id ?? '' }),
    900,
  ],
  [
    'a user joins',
    () => ({ type: 'joinConversation', by: app, userId: ann.userId, participants: 1, takesPart: false }),
  ],
  ['a user leaves', () => ({ type: 'leaveConversation', by: app, userId: ann.userId })],
  ['app key removes the conversation', () => ({ type: 'removeConversation', by: app })],
];

function cell(story: Story): string {
  const { answer } = story.decision;
  const events = story.happened.map((type) => `\`${type}\``).join(' ');
  if (!answer.ok)
    return `${events} **${'code' in answer.refusal ? answer.refusal.code : answer.refusal.reason}**`.trim();
  return events || ('repeated' in answer ? 'as before' : '·');
}

function table(rows: Rows): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['', ...states.map(([name]) => name)]),
    line(['---', ...states.map(() => '---')]),
    ...rows.map(([name, command, later = 0]) =>
      line([name, ...states.map(([, story]) => cell(story.later(later).when(command(story))))]),
    ),
  ].join('\n');
}

function withTable(document: string, name: string, rows: Rows): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${DOCUMENT} has no place for the table "${name}"`);
  return `${before}${begin}\n\n${table(rows)}\n\n${end}${after}`;
}

describe(DOCUMENT, () => {
  it('shows what decide does', () => {
    const written = readFileSync(DOCUMENT, 'utf8');
    const tables: readonly (readonly [string, Rows])[] = [
      ['talking', talking],
      ['handing', handing],
      ['ending', closing],
    ];
    const current = tables.reduce((document, [name, rows]) => withTable(document, name, rows), written);
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCUMENT, current);
    else expect(written).toBe(current);
  });
});
