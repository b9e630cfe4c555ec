import type { StoredIdleRule, StoredSettings } from '../../configuration/index.js';
import type { Channel } from '../../conversation/core/index.js';

/** What somebody who saves these settings may not expect of them: allowed, and told in the answer. */
export function warningsOf(settings: StoredSettings, channels: readonly Channel[]): readonly string[] {
  return [
    ...channels.flatMap((channel) => [
      ...inactivateEnds(settings, channel),
      ...neverIdle(settings.idle.customer, channel),
    ]),
    ...remindersTooLate(settings),
    ...noPanel(settings),
  ];
}

function inactivateEnds({ idle }: StoredSettings, { kind, tier, can }: Channel): readonly string[] {
  if (can.inactivate) return [];
  return (['customer', 'agent'] as const)
    .filter((side) => idle[side].actSeconds !== null && idle[side].action === 'inactivate')
    .map(
      (side) => `idle.${side}.action inactivate ends sessions of ${tier} ${kind} channels, which cannot be inactive`,
    );
}

/** What comes first ends the wait: the channel's time-out takes the session away from the agent. */
function neverIdle({ warnSeconds, actSeconds }: StoredIdleRule, channel: Channel): readonly string[] {
  const { kind, tier, can, customerInactivitySeconds: limit } = channel;
  if (limit === null || !can.inactivityTimeout) return [];
  const after = Object.entries({ warnSeconds, actSeconds }).filter(
    ([, seconds]) => seconds !== null && seconds >= limit,
  );
  return after.map(
    ([name]) =>
      `idle.customer.${name} never comes on ${tier} ${kind} channels: customerInactivitySeconds of the channel is shorter`,
  );
}

function remindersTooLate({ reminders, idle: { customer } }: StoredSettings): readonly string[] {
  if (customer.actSeconds === null) return [];
  const limit = customer.actSeconds;
  let at = 0;
  return reminders.flatMap(({ afterSeconds }, place) => {
    at += afterSeconds;
    return at < limit ? [] : [`reminder ${place + 1} never comes: idle.customer.actSeconds is over before it`];
  });
}

const noPanel = ({ chatEnabled, agentLayout }: StoredSettings): readonly string[] =>
  chatEnabled && !agentLayout.sessionPanel
    ? ['agentLayout.sessionPanel is off: only agents whose own sessionPanel is true can work with chats']
    : [];
