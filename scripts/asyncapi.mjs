/**
 * The AsyncAPI 3 document of the events (sdk/asyncapi.json), from their JSON Schemas and their examples. It is written
 * from a consumer's side: one channel, one message and one `receive` operation for each event.
 */
const PREFIX = 'switchboard.v1';
const MESSAGE_ID = 'Nats-Msg-Id';

const INFO = {
  title: 'Switchboard events',
  version: '1',
  description: [
    'Everything that happens to conversations and agents, as facts and ids without message bodies.',
    'CloudEvents 1.0 in JSON on the JetStream stream `SWITCHBOARD`: at least once, the same id and bytes on every repeat.',
    'Ignore names and fields you do not know: they are added over time.',
  ].join(' '),
};

/** What a subject ends with, by the property that says so: the first one that the event's data must have. */
const ADDRESSES = [
  { by: 'agentSeq', ids: { appId: 'The app.', agentId: 'The agent; its events are counted by `data.agentSeq`.' } },
  { by: 'seq', ids: { appId: 'The app.', conversationId: 'The conversation; its events are counted by `data.seq`.' } },
  { by: 'generation', ids: { stream: 'The stream that went back.', generation: 'How often it did, counted from 1.' } },
];

/** `schemas`: file name to schema, as `eventSchemas` answers. `examples`: name to events as they are published. */
export function asyncApi(schemas, examples) {
  const events = [...schemas].map(([file, schema]) => ({ name: file.replace(/\.json$/, ''), schema }));
  const each = (part) => Object.fromEntries(events.map((event) => [event.name, part(event)]));
  return {
    asyncapi: '3.1.0',
    info: INFO,
    defaultContentType: 'application/json',
    servers: {
      nats: {
        host: '127.0.0.1:4222',
        protocol: 'nats',
        description: 'NATS with JetStream: the `NATS_URL` of the server.',
      },
    },
    channels: each(channel),
    operations: each(({ name }) => ({
      action: 'receive',
      channel: { $ref: `#/channels/${name}` },
      summary: `Act on ${name}, once per id.`,
      messages: [{ $ref: `#/channels/${name}/messages/event` }],
    })),
    components: {
      messages: each(({ name, schema }) => message(name, schema, examples.get(name) ?? [])),
      schemas: each(({ schema: { $schema: _dialect, ...schema } }) => schema),
    },
  };
}

function channel({ name, schema }) {
  const ids = idsOf(name, schema);
  return {
    address: [PREFIX, name, ...Object.keys(ids).map((id) => `{${id}}`)].join('.'),
    title: name,
    ...described(schema),
    servers: [{ $ref: '#/servers/nats' }],
    parameters: Object.fromEntries(Object.entries(ids).map(([id, description]) => [id, { description }])),
    messages: { event: { $ref: `#/components/messages/${name}` } },
  };
}

function idsOf(name, { properties: { data } }) {
  const address = ADDRESSES.find(({ by }) => data.required.includes(by));
  if (!address) throw new Error(`${name}: its data has none of ${ADDRESSES.map(({ by }) => by).join(', ')}`);
  return address.ids;
}

function message(name, schema, examples) {
  return {
    name: `${PREFIX}.${name}`,
    title: name,
    ...described(schema),
    contentType: 'application/json',
    correlationId: { location: `$message.header#/${MESSAGE_ID}`, description: 'The id of the event.' },
    headers: {
      type: 'object',
      properties: { [MESSAGE_ID]: { ...schema.properties.id, description: 'The same as `id` of the event.' } },
      required: [MESSAGE_ID],
    },
    payload: { $ref: `#/components/schemas/${name}` },
    examples: examples.map((payload, at) => ({
      name: at === 0 ? 'usual' : `other${at > 1 ? at : ''}`,
      headers: { [MESSAGE_ID]: payload.id },
      payload,
    })),
  };
}

const described = ({ description }) => (description ? { description } : {});
