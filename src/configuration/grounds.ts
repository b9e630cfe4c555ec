import type { AppConfiguration } from './app-configuration.js';

type Grounds = Pick<AppConfiguration, 'switchboard' | 'queues' | 'channels'>;

/**
 * What conversations stand on and a change took away: ids of switchboard integrations (also those that went with their
 * switchboard or their integration), queues and service channels. Found by comparing, so that no deletion can forget to
 * say so.
 */
export function groundsGone(before: Grounds, after: Grounds): readonly string[] {
  const left = new Set<string>(groundsOf(after));
  return groundsOf(before).filter((id) => !left.has(id));
}

const groundsOf = ({ switchboard, queues, channels }: Grounds): readonly string[] => [
  ...(switchboard?.integrations ?? []).map(({ id }) => id),
  ...queues.map(({ id }) => id),
  ...channels.keys(),
];
