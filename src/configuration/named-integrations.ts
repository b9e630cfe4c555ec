import {
  isWorkspace,
  type EndActor,
  type Switchboard,
  type SwitchboardIntegration,
} from '../conversation/core/index.js';
import { Failure } from '../kernel/index.js';
import type { AppConfiguration } from './app-configuration.js';

/** One place where a switchboard integration is named by its name, and so needs it to be there. */
export interface Naming {
  /** As the caller knows the place: `settings.onEnd.endUser`, or the queue. */
  readonly where: string;
  readonly name: string;
  /** Another has no effect there: a bot is meant, or at least no workspace of agents. */
  readonly kind: 'bot' | 'no agent workspace';
}

type Named = Pick<AppConfiguration, 'settings' | 'queues'>;
type Standing = Named & Pick<AppConfiguration, 'switchboard' | 'namesAhead'>;

const ENDS: Readonly<Record<EndActor, string>> = { end_user: 'endUser', agent: 'agent', bot: 'bot', system: 'system' };

/** Every place. A new setting that names one belongs here: saving and deleting ask nothing else. */
export const namings = ({ settings, queues }: Named): readonly Naming[] => [
  ...settingNamings(settings),
  ...queues.flatMap(({ name: queue, overflow }) =>
    overflow.to === 'bot' ? [{ where: `The queue '${queue}'`, name: overflow.name, kind: 'bot' as const }] : [],
  ),
];

export function settingNamings({ onEnd, idle }: Pick<Named['settings'], 'onEnd' | 'idle'>): readonly Naming[] {
  const ends = (Object.keys(ENDS) as EndActor[]).flatMap((actor) => {
    const does = onEnd[actor];
    return does.mode === 'pass'
      ? [{ where: `settings.onEnd.${ENDS[actor]}`, name: does.to, kind: 'no agent workspace' as const }]
      : [];
  });
  const silences = (['customer', 'agent'] as const).flatMap((side) => {
    const { action } = idle[side];
    return action.do === 'bot'
      ? [{ where: `settings.idle.${side}.action`, name: action.name, kind: 'bot' as const }]
      : [];
  });
  return [...ends, ...silences];
}

export const isThere = (naming: Naming, switchboard: Switchboard | null): boolean =>
  switchboard?.integrations.some((one) => one.name === naming.name && fits(naming, one)) ?? false;

const fits = ({ kind }: Naming, one: SwitchboardIntegration): boolean =>
  kind === 'bot' ? one.kind === 'bot' : !isWorkspace(one);

/**
 * A change must leave what is named by name where it is: it is neither deleted, nor renamed, nor made an agent's while
 * a setting or a queue names it. A name that an app was made with, before it had a switchboard, protects nothing.
 *
 * @throws Failure `conflict`, which says where it is named
 */
export function refuseUnnamed(before: Standing, after: Standing): void {
  const lost = namings(after).find(
    (naming) =>
      !after.namesAhead.includes(naming.name) &&
      isThere(naming, before.switchboard) &&
      !isThere(naming, after.switchboard),
  );
  if (lost === undefined) return;
  const title = `${lost.where} names the switchboardIntegration '${lost.name}'; change that first`;
  throw new Failure('conflict', title);
}
