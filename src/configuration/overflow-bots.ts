import type { Queue } from '../conversation/core/index.js';
import type { SwitchboardIntegrationId } from '../kernel/index.js';
import type { AppConfiguration } from './app-configuration.js';

/** A queue whose sessions go to this switchboard integration when nobody comes: it cannot go, nor change its name. */
export function queueOverflowingTo(
  id: SwitchboardIntegrationId,
  { queues, switchboard }: Pick<AppConfiguration, 'queues' | 'switchboard'>,
): Queue | undefined {
  const bot = switchboard?.integrations.find((one) => one.id === id);
  return queues.find(({ overflow }) => overflow.to === 'bot' && overflow.name === bot?.name);
}
