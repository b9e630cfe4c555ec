/** Reads `session.ended` off NATS as any consumer would, in a process of its own, and reports each one over IPC. */
import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { accessIn, wayIn } from '../sdk/index.js';

const [, , url = ''] = process.argv;
const connection = await connect(wayIn(url, accessIn(process.env)));
const consumer = await jetstream(connection).consumers.get('SWITCHBOARD', {
  filter_subjects: 'switchboard.v1.session.ended.>',
  deliver_policy: DeliverPolicy.New,
});
process.send?.({ kind: 'ready' });
process.on('disconnect', () => process.exit(0));
for await (const message of await consumer.consume()) {
  process.send?.({ kind: 'event', subject: message.subject, ...message.json<object>() });
}
