import { describe, expect, it } from '@jest/globals';
import { PassControlDto } from '../../../src/conversation/http/dto/control.dto.js';
import { PostMessageDto } from '../../../src/conversation/http/dto/message.dto.js';
import { CreateUserDto, UpdateUserDto } from '../../../src/directory/user.dto.js';
import { StrictBodyPipe } from '../../../src/platform/http/strict-body.pipe.js';
import { CreateAppDto } from '../../../src/tenancy/apps/app.dto.js';
import { twoReaders } from '../../support/two-readers.js';

const business = { type: 'business' };
const text = { type: 'text', text: 'Hello' };
const reply = { type: 'reply', text: 'Yes', payload: 'YES' };
const link = { type: 'link', text: 'Open', uri: 'https://example.com', metadata: { a: null }, default: null };
const listed = { title: 'One', description: null, mediaUrl: null, metadata: null, actions: [link] };
const message = (more: object) => ({ author: business, content: text, ...more });
const content = (more: object) => message({ content: { ...text, ...more } });

/** Bodies of the hottest routes, and whether they may pass. */
const messages: readonly (readonly [string, boolean, unknown])[] = [
  ['text', true, message({})],
  ['text with fields nobody knows, at every depth', true, { ...content({ x: 1 }), y: { z: 1 } }],
  ['nothing', false, {}],
  ['no content', false, { author: business }],
  ['content that is a string', false, message({ content: 'Hello' })],
  ['content that is a list', false, message({ content: [text] })],
  ['content that is null', false, message({ content: null })],
  ['content of no known type', false, message({ content: { type: 'song' } })],
  ['content without a type', false, message({ content: { text: 'Hello' } })],
  ['text that is a number', false, content({ text: 5 })],
  ['text of 4096 characters', true, content({ text: 'x'.repeat(4096) })],
  ['text of 4097 characters', false, content({ text: 'x'.repeat(4097) })],
  ['4096 characters outside the basic plane', true, content({ text: '😀'.repeat(4096) })],
  ['characters with variation selectors', true, content({ text: '❤️'.repeat(4096) })],
  ['text without words', false, message({ content: { type: 'text' } })],
  ['a reply button', true, content({ actions: [reply] })],
  ['a button that loses a field nobody knows', true, content({ actions: [{ ...reply, x: 1 }] })],
  ['a button of no known type', false, content({ actions: [{ type: 'dance', text: 'Yes' }] })],
  ['a button that is null', false, content({ actions: [null] })],
  ['a button that is a number', false, content({ actions: [1] })],
  ['26 buttons', false, content({ actions: Array.from({ length: 26 }, () => reply) })],
  ['actions that are null, which is as good as none', true, content({ actions: null })],
  ['an image', true, message({ content: { type: 'image', mediaUrl: 'https://example.com/a.png' } })],
  ['an image without an address', false, message({ content: { type: 'image' } })],
  ['an image at no address', false, message({ content: { type: 'image', mediaUrl: 'a.png' } })],
  ['a user without an id', false, { author: { type: 'user' }, content: text }],
  ['a user with two ids', false, { author: { type: 'user', userId: 'a', userExternalId: 'b' }, content: text }],
  ['a user', true, { author: { type: 'user', userExternalId: 'b' }, content: text }],
  ['metadata', true, message({ metadata: { a: 'b', c: 1, d: true } })],
  ['metadata that is null', true, message({ metadata: null })],
  ['metadata with a value that is null, which is as good as none', true, message({ metadata: { a: null, b: 'c' } })],
  [
    'a user with two ids, of which one is null',
    true,
    { author: { type: 'user', userId: 'a', userExternalId: null }, content: text },
  ],
  ['a text that is null beside buttons', true, content({ text: null, actions: [{ ...reply, iconUrl: null }] })],
  ['a button without words, for null is none', false, content({ actions: [{ ...reply, text: null }] })],
  ['an item with fields that are null', true, message({ content: { type: 'list', items: [listed], actions: null } })],
  ['a destination of nulls', true, message({ destination: { integrationId: null, integrationType: null } })],
  ['metadata that is deep', false, message({ metadata: { a: {} } })],
  ['an epoch', true, message({ controlEpoch: 3 })],
  ['an epoch below zero', false, message({ controlEpoch: -1 })],
  ['half an epoch', false, message({ controlEpoch: 1.5 })],
  ['an epoch in words', false, message({ controlEpoch: '3' })],
  ['an epoch that is null, which is as good as none', true, message({ controlEpoch: null })],
];

const passes: readonly (readonly [string, boolean, unknown])[] = [
  ['a target', true, { switchboardIntegration: 'next' }],
  ['a target and metadata', true, { switchboardIntegration: 'next', metadata: { a: 1 } }],
  ['metadata with a value that is null', true, { switchboardIntegration: 'next', metadata: { first: null, a: 1 } }],
  ['metadata and a reason that are null', true, { switchboardIntegration: 'next', metadata: null, reason: null }],
  ['no target', false, {}],
  ['a target that is null', false, { switchboardIntegration: null }],
  ['a target without a letter', false, { switchboardIntegration: '' }],
  ['a reason nobody knows', false, { switchboardIntegration: 'next', reason: 'boredom' }],
  ['a field nobody knows', true, { switchboardIntegration: 'next', more: 1 }],
];

describe.each([
  ['post message', PostMessageDto, messages],
  ['pass control', PassControlDto, passes],
] as const)('both readers of %s agree on', (_route, dto, cases) => {
  const read = twoReaders(dto);

  it.each(cases)('%s', async (_what, mayPass, body) => {
    const { pipe, schema } = await read(body);
    expect([pipe, 'value' in pipe]).toEqual([expect.anything(), mayPass]);
    expect([schema, 'value' in schema]).toEqual([expect.anything(), mayPass]);
    if (mayPass) expect(schema).toEqual(pipe);
  });
});

it('drops nulls that say nothing, at every depth, and keeps those that clear', async () => {
  const body = {
    author: { ...business, displayName: null, subtypes: null },
    content: { type: 'list', items: [listed], text: null, blockChatInput: null },
    metadata: { gone: null, kept: 0 },
    schema: null,
  };
  const { pipe, schema } = await twoReaders(PostMessageDto)(body);
  const { default: _none, metadata: _empty, ...plain } = link;
  const value = {
    author: business,
    content: { type: 'list', items: [{ title: 'One', metadata: null, actions: [{ ...plain, metadata: {} }] }] },
    metadata: { kept: 0 },
  };
  expect([pipe, schema]).toEqual([{ value }, { value }]);
});

it.each([
  [
    'a user is made',
    CreateUserDto,
    { signedUpAt: null, profile: { surname: null }, metadata: { a: null, b: 1 } },
    { profile: { surname: null }, metadata: { b: 1 } },
  ],
  [
    'a user is changed',
    UpdateUserDto,
    { toBeRetained: null, profile: { surname: null }, metadata: { a: null } },
    { profile: { surname: null }, metadata: { a: null } },
  ],
  [
    'an app is made',
    CreateAppDto,
    { displayName: 'A', settings: { multiConvoEnabled: null, csat: { mode: null } }, metadata: { a: null } },
    { displayName: 'A', settings: { csat: {} }, metadata: {} },
  ],
] as const)('where %s, a null counts only if it clears', async (_when, metatype, body, read) => {
  const found: unknown = await new StrictBodyPipe().transform(structuredClone(body), { type: 'body', metatype });
  expect(JSON.parse(JSON.stringify(found))).toEqual(read);
});

it('only the schema keeps metadata keys that shadow Object: class-transformer drops them unseen', async () => {
  const body = message({ metadata: { constructor: 'x', toString: 'y', plain: 'z' } });
  const { pipe, schema } = await twoReaders(PostMessageDto)(body);
  expect(schema).toMatchObject({ value: { metadata: { constructor: 'x', toString: 'y', plain: 'z' } } });
  expect(pipe).toEqual({ value: message({ metadata: { plain: 'z' } }) });
});
