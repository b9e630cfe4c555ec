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
const nullLink = { type: 'link', text: 'Open', uri: 'https://example.com', metadata: { a: null }, default: null };
const listed = { title: 'One', description: null, mediaUrl: null, metadata: null, actions: [nullLink] };
const message = (more: object) => ({ author: business, content: text, ...more });
const content = (more: object) => message({ content: { ...text, ...more } });

const many = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const of = (more: object, beside: object = {}) => message({ content: more, ...beside });
const link = { type: 'link', text: 'Site', uri: 'https://example.org/' };
const view = { type: 'webview', text: 'Open', uri: 'https://example.org/', fallback: 'https://example.org/' };
const opening = { ...view, openOnReceive: true };
const item = { title: 'One', actions: [link] };
const items = (more: object) => of({ type: 'carousel', items: [{ ...item, ...more }] });
const list = (more: object) => of({ type: 'list', items: [item], ...more });
const image = (more: object) => of({ type: 'image', mediaUrl: 'https://example.org/a.png', ...more });
const name = { type: 'text', name: 'name', label: 'Name' };
const form = (...fields: readonly object[]) => of({ type: 'form', fields });
const field = (more: object) => form({ ...name, ...more });
const option = (n: number) => ({ name: `option-${n}`, label: 'Option' });
const select = (options?: unknown) => field({ type: 'select', ...(options !== undefined && { options }) });
const long = 'x'.repeat(50_000);

/** The limits of the wire (`docs/wire.md` 5 and 7): at each one a body passes, one beyond it does not. */
const limits: readonly (readonly [string, boolean, unknown])[] = [
  ...(['title', 'description', 'altText', 'mediaType'] as const).flatMap((key) => [
    [`an item with 128 characters of ${key}`, true, items({ [key]: 'x'.repeat(128) })] as const,
    [`an item with 129 characters of ${key}`, false, items({ [key]: 'x'.repeat(129) })] as const,
  ]),
  ['an item without a title', false, items({ title: '' })],
  ['an item with a picture at 2048 characters', true, items({ mediaUrl: `https://e.org/${'x'.repeat(2034)}` })],
  ['an item with a picture at 2049 characters', false, items({ mediaUrl: `https://e.org/${'x'.repeat(2035)}` })],
  ['an item of no known size', false, items({ size: 'huge' })],
  ['an item without actions', false, items({ actions: [] })],
  ['an item with 3 actions', true, items({ actions: many(3, () => link) })],
  ['an item with 4 actions', false, items({ actions: many(4, () => link) })],
  ['an item with a reply button', false, items({ actions: [reply] })],
  ['no items', false, of({ type: 'carousel', items: [] })],
  ['10 items', true, of({ type: 'carousel', items: many(10, () => item) })],
  ['11 items', false, of({ type: 'carousel', items: many(11, () => item) })],
  ['a list with 10 actions', true, list({ actions: many(10, () => link) })],
  ['a list with 11 actions', false, list({ actions: many(11, () => link) })],
  ['a list with no actions', false, list({ actions: [] })],
  ['4096 characters of HTML', true, content({ htmlText: 'x'.repeat(4096) })],
  ['4097 characters of HTML', false, content({ htmlText: 'x'.repeat(4097) })],
  ['4096 characters of Markdown', true, content({ markdownText: 'x'.repeat(4096) })],
  ['4097 characters of Markdown', false, content({ markdownText: 'x'.repeat(4097) })],
  ['HTML and Markdown', false, content({ htmlText: 'x', markdownText: 'x' })],
  ['an image described in 128 characters', true, image({ altText: 'x'.repeat(128) })],
  ['an image described in 129 characters', false, image({ altText: 'x'.repeat(129) })],
  ['no fields', false, form()],
  ['20 fields', true, form(...many(20, (n) => ({ ...name, name: `field-${n}` })))],
  ['21 fields', false, form(...many(21, (n) => ({ ...name, name: `field-${n}` })))],
  ['two fields of one name', false, form(name, { ...name, type: 'email' })],
  ...(['name', 'label', 'placeholder'] as const).flatMap((key) => [
    [`a field with 128 characters of ${key}`, true, field({ [key]: 'x'.repeat(128) })] as const,
    [`a field with 129 characters of ${key}`, false, field({ [key]: 'x'.repeat(129) })] as const,
    [`a field with an empty ${key}`, false, field({ [key]: '' })] as const,
  ]),
  ['a field of no known type', false, field({ type: 'colour' })],
  ['a least size of 256', true, field({ minSize: 256, maxSize: 256 })],
  ['half a least size', false, field({ minSize: 1.5 })],
  ...(['name', 'label'] as const).flatMap((key) => [
    [`an option with 128 characters of ${key}`, true, select([{ ...option(1), [key]: 'x'.repeat(128) }])] as const,
    [`an option with 129 characters of ${key}`, false, select([{ ...option(1), [key]: 'x'.repeat(129) }])] as const,
  ]),
  ['square pictures', true, of({ type: 'carousel', items: [item], displaySettings: { imageAspectRatio: 'square' } })],
  ['round pictures', false, of({ type: 'carousel', items: [item], displaySettings: { imageAspectRatio: 'round' } })],
  ['sizes of 1 and 256', true, field({ minSize: 1, maxSize: 256 })],
  ['a size of 0', false, field({ minSize: 0 })],
  ['a size of 257', false, field({ maxSize: 257 })],
  ['half a size', false, field({ maxSize: 1.5 })],
  ['a least size that is the most', true, field({ minSize: 5, maxSize: 5 })],
  ['a least size above the most', false, field({ minSize: 6, maxSize: 5 })],
  ['a least size of 128 with the usual most', true, field({ minSize: 128 })],
  ['a least size above the usual most', false, field({ minSize: 129 })],
  ['a field of no known format', false, field({ format: 'roman' })],
  ['a select without options', false, select()],
  ['a select with no option', false, select([])],
  ['a select with options that are no list', false, select(5)],
  ['a select with 200 options', true, select(many(200, option))],
  ['a select with 201 options', false, select(many(201, option))],
  ['a select with options of one name', false, select([option(1), { ...option(2), name: 'option-1' }])],
  ['a select with options of one label', true, select([option(1), option(2)])],
  ['a web view that opens by itself', true, content({ actions: [opening, view] })],
  ['two web views that open by themselves', false, content({ actions: [opening, opening] })],
  ['two that open by themselves beside an image', false, image({ actions: [opening, opening] })],
  [
    'two that open by themselves in two items',
    false,
    of({ type: 'carousel', items: many(2, () => ({ ...item, actions: [opening] })) }),
  ],
  [
    'two that open by themselves in a list and its item',
    false,
    of({ type: 'list', items: [{ ...item, actions: [opening] }], actions: [opening] }),
  ],
  ['a currency', true, content({ actions: [{ type: 'buy', text: 'Buy', amount: 999, currency: 'eur' }] })],
  [
    'a currency that is none',
    false,
    content({ actions: [{ type: 'buy', text: 'Buy', amount: 999, currency: 'euro' }] }),
  ],
  ['half a cent', false, content({ actions: [{ type: 'buy', text: 'Buy', amount: 9.5 }] })],
  [
    'options for Messenger',
    true,
    content({ actions: [{ ...link, extraChannelOptions: { messenger: { webview_share_button: 'hide' } } }] }),
  ],
  [
    'options for Messenger that it does not have',
    false,
    content({ actions: [{ ...link, extraChannelOptions: { messenger: { webview_share_button: 'show' } } }] }),
  ],
  ['a template for WhatsApp', true, of({ type: 'template', template: {} }, { schema: 'whatsapp' })],
  ['a template for nobody', false, of({ type: 'template', template: {} })],
  ['a template for somebody else', false, of({ type: 'template', template: {} }, { schema: 'line' })],
  ['buttons that are none, and no words', false, of({ type: 'text', actions: [] })],
];

/** What the wire sets no limit to: the body's own one is the only one. */
const unlimited: readonly (readonly [string, boolean, unknown])[] = [
  ['500 buttons', true, content({ actions: many(500, () => reply) })],
  [
    'buttons that say nothing',
    true,
    content({
      actions: [
        { ...reply, text: '' },
        { ...link, text: '' },
      ],
    }),
  ],
  ['a button that says much', true, content({ actions: [{ ...reply, text: long }] })],
  ['a button that carries much', true, content({ actions: [{ ...reply, payload: long }] })],
  ['a button with a long address', true, content({ actions: [{ ...link, uri: `https://e.org/${long}` }] })],
  ['a button that opens an app', true, content({ actions: [{ ...link, uri: 'myapp://chat?id=1' }] })],
  ['a button that runs a script', false, content({ actions: [{ ...link, uri: ' java\tscript:alert(1)' }] })],
  ['a web view at a script', false, content({ actions: [{ ...view, uri: 'javascript:alert(1)' }] })],
  ['a tall web view', true, content({ actions: [{ ...view, size: 'tall' }] })],
  ['a web view of no known size', false, content({ actions: [{ ...view, size: 'huge' }] })],
  ['a web view that runs a script', false, content({ actions: [{ ...view, fallback: 'JavaScript:alert(1)' }] })],
  ['a long answer of a button', true, content({ payload: long })],
  ['an image at a long address', true, image({ mediaUrl: `https://e.org/${long}` })],
  ['an image with many words', true, image({ text: long })],
  ['a form with many words', true, of({ type: 'form', fields: [name], text: long })],
  ['an author with a long name', true, { author: { type: 'business', displayName: long }, content: text }],
  [
    'a place with a long address',
    true,
    of({ type: 'location', coordinates: { lat: 1, long: 2 }, location: { address: long, name: '' } }),
  ],
];

/** What the wire calls read-only is not the caller's to say. */
it.each([
  ['mediaType and mediaSize', image({ mediaType: 'x'.repeat(200), mediaSize: -1 }), image({})],
  ['the text of a carousel', of({ type: 'carousel', items: [item], text: 5 }), of({ type: 'carousel', items: [item] })],
  [
    'the text of a place',
    of({ type: 'location', coordinates: { lat: 1, long: 2 }, text: 'x' }),
    of({ type: 'location', coordinates: { lat: 1, long: 2 } }),
  ],
  ['whether a form is submitted', of({ type: 'form', fields: [name], submitted: true }), form(name)],
])('%s of the caller is dropped by both readers', async (_what, body, kept) => {
  expect(await twoReaders(PostMessageDto)(body)).toEqual({ pipe: { value: kept }, schema: { value: kept } });
});

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
  ['4097 characters outside the basic plane', false, content({ text: '😀'.repeat(4097) })],
  ['2048 characters, each with a variation selector', true, content({ text: '❤️'.repeat(2048) })],
  ['2049 characters, each with a variation selector', false, content({ text: '❤️'.repeat(2049) })],
  ['text without words', false, message({ content: { type: 'text' } })],
  ['a reply button', true, content({ actions: [reply] })],
  ['a button that loses a field nobody knows', true, content({ actions: [{ ...reply, x: 1 }] })],
  ['a button of no known type', false, content({ actions: [{ type: 'dance', text: 'Yes' }] })],
  ['a button that is null', false, content({ actions: [null] })],
  ['a button that is a number', false, content({ actions: [1] })],
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
  ['an epoch that is null, which is not to send without one', false, message({ controlEpoch: null })],
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
  ['post message', PostMessageDto, [...messages, ...limits, ...unlimited]],
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
  const { default: _none, metadata: _empty, ...plain } = nullLink;
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
