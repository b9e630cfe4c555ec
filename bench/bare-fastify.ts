/** L2: Fastify with a schema and nothing behind it; answers a control body with `{}`. Run as a process of its own. */
import fastify from 'fastify';

const server = fastify();
server.post(
  '/v2/apps/:appId/conversations/:conversationId/passControl',
  {
    schema: {
      body: {
        type: 'object',
        required: ['switchboardIntegration'],
        properties: { switchboardIntegration: { type: 'string', minLength: 1, maxLength: 128 } },
      },
    },
  },
  async () => ({}),
);
await server.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
process.send?.('ready');
process.on('disconnect', () => process.exit(0));
