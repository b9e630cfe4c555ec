import {
  decidingSettings,
  isThere,
  settingNamings,
  type AppConfiguration,
  type Naming,
  type StoredSettings,
} from '../../configuration/index.js';
import { Failure } from '../../kernel/index.js';
import type { SettingsPatch } from './settings.js';

/**
 * An app is made before its switchboard, so what it is made with may name switchboard integrations that are still to
 * come. Until they are there an end that names one releases control, and says so in `postEnd`
 * (`docs/rules.md` 2.3 step 6).
 */
export const namesAheadOf = (settings: StoredSettings): readonly string[] => [
  ...new Set(namingsOf(settings).map(({ name }) => name)),
];

/**
 * Names that are still looked for ahead once `patch` made these settings. Whatever is named anew must be there: it would
 * have no effect, and nobody would say so. A name that is said again and is there by now is ahead no longer.
 *
 * @throws Failure `bad_request`, naming the field
 */
export function namesLeft(
  settings: StoredSettings,
  { onEnd = {}, idle = {} }: SettingsPatch,
  { switchboard, namesAhead, settings: before }: Pick<AppConfiguration, 'switchboard' | 'namesAhead' | 'settings'>,
): readonly string[] {
  const known = settingNamings(before);
  const now = namingsOf(settings);
  const wrong = now.find((naming) => !isThere(naming, switchboard) && !known.some((one) => isSame(one, naming)));
  if (wrong === undefined) {
    const said = [...Object.values(onEnd), idle.customer?.action, idle.agent?.action];
    return namesAhead.filter((name) => {
      const places = now.filter((one) => one.name === name);
      const repeated = said.includes(`pass:${name}`) || said.includes(`bot:${name}`);
      return places.length > 0 && !(repeated && places.every((one) => isThere(one, switchboard)));
    });
  }
  const what = wrong.kind === 'bot' ? 'bot' : 'switchboardIntegration';
  const title = `${wrong.where}: the switchboard has no ${what} named '${wrong.name}' that could take over there`;
  throw new Failure('bad_request', title);
}

const namingsOf = (settings: StoredSettings): readonly Naming[] => settingNamings(decidingSettings(settings));

const isSame = (one: Naming, other: Naming): boolean => one.where === other.where && one.name === other.name;
