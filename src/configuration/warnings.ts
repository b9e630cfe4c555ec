import type { Channel, Settings } from '../conversation/core/index.js';

type Warned = Pick<Settings, 'idle' | 'reminders' | 'chatEnabled' | 'agentLayout'>;
type On = Pick<Channel, 'kind' | 'tier' | 'can' | 'customerInactivitySeconds'>;

/** What somebody who saves these settings may not expect of them: allowed, and told in the answer. */
export function warningsOf(settings: Warned, channels: readonly On[]): readonly string[] {
  return [
    ...channels.flatMap((channel) => warningsOn(settings, channel)),
    ...remindersTooLate(settings),
    ...noPanel(settings),
  ];
}

/** Those that depend on a channel: also told when the channel is saved. */
export function warningsOn(settings: Warned, channel: On): readonly string[] {
  return [...inactivateEnds(settings, channel), ...neverOn(settings, channel)];
}

function inactivateEnds({ idle }: Warned, { kind, tier, can }: On): readonly string[] {
  if (can.inactivate) return [];
  return (['customer', 'agent'] as const)
    .filter((side) => idle[side].actSeconds !== null && idle[side].action.do === 'inactivate')
    .map(
      (side) => `idle.${side}.action inactivate ends sessions of ${tier} ${kind} channels, which cannot be inactive`,
    );
}

/** A shorter time-out of the channel makes the session inactive first; then no idle rule or reminder runs. */
function neverOn(settings: Warned, { kind, tier, can, customerInactivitySeconds: limit }: On): readonly string[] {
  if (limit === null || !can.inactivityTimeout) return [];
  const { warnSeconds, actSeconds } = settings.idle.customer;
  const late = Object.entries({ warnSeconds, actSeconds }).filter(
    ([, seconds]) => seconds !== null && seconds >= limit,
  );
  const never = [...late.map(([name]) => `idle.customer.${name}`), ...remindersFrom(limit, settings)];
  return never.map(
    (what) =>
      `${what} never comes on ${tier} ${kind} channels: customerInactivitySeconds of the channel is over before it`,
  );
}

function remindersTooLate(settings: Warned): readonly string[] {
  const { actSeconds } = settings.idle.customer;
  if (actSeconds === null) return [];
  return remindersFrom(actSeconds, settings).map(
    (what) => `${what} never comes: idle.customer.actSeconds is over before it`,
  );
}

/** Those that come this long after the last word or later; each counts from the one before. */
function remindersFrom(limit: number, { reminders }: Warned): readonly string[] {
  let at = 0;
  return reminders.flatMap(({ afterSeconds }, place) => {
    at += afterSeconds;
    return at < limit ? [] : [`reminder ${place + 1}`];
  });
}

const noPanel = ({ chatEnabled, agentLayout }: Warned): readonly string[] =>
  chatEnabled && !agentLayout.sessionPanel
    ? ['agentLayout.sessionPanel is off: only agents whose own sessionPanel is true can work with chats']
    : [];
