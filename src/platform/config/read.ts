import { readFileSync } from 'node:fs';
import { settings, type Setting, type SettingName } from '../../../config/settings.js';

/** A setting that cannot be used: one line that says which and why. Never holds a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

const known: Readonly<Record<string, Setting>> = settings;
const OWN = 'SWITCHBOARD_';
const FILE = '_FILE';

/** Settings by name, read from an environment whose own names were all found on the list. */
export class Settings {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
    for (const name of Object.keys(environment)) {
      if (name.startsWith(OWN) && !isKnown(name))
        throw new ConfigError(`${name} is no setting of Switchboard: config/settings.ts lists them all`);
    }
  }

  /** The value given, else the default; an empty value counts as unset. */
  text(name: SettingName): string | null {
    const given = this.#environment[name]?.trim() || null;
    const file = known[name]?.secret === true ? this.#environment[name + FILE] || null : null;
    if (given !== null && file !== null) throw new ConfigError(`${name} and ${name}${FILE} are both set: set one`);
    return (file === null ? given : readSecret(name, file)) ?? known[name]?.default ?? null;
  }

  /** A setting that has a default. */
  word(name: SettingName): string {
    const value = this.text(name);
    if (value === null) throw new Error(`${name} has no default`);
    return value;
  }

  integer(name: SettingName, least: number, most: number): number {
    return toInteger(name, this.word(name), least, most);
  }

  /** A setting that may be unset: `null`. */
  optionalInteger(name: SettingName, least: number, most: number): number | null {
    const value = this.text(name);
    return value === null ? null : toInteger(name, value, least, most);
  }

  integers(name: SettingName, least: number, most: number): readonly number[] {
    return this.list(name).map((item) => toInteger(name, item, least, most));
  }

  /** Items separated by commas, none of them empty. */
  list(name: SettingName): readonly string[] {
    const value = this.text(name);
    if (value === null) return [];
    const items = value.split(',').map((item) => item.trim());
    if (items.includes('')) throw new ConfigError(`${name} has an empty item between its commas`);
    return items;
  }

  oneOf<T extends string>(name: SettingName, choices: readonly T[]): T {
    return toChoice(name, this.word(name), choices);
  }

  someOf<T extends string>(name: SettingName, choices: readonly T[]): ReadonlySet<T> {
    return new Set(this.list(name).map((item) => toChoice(name, item, choices)));
  }
}

function isKnown(name: string): boolean {
  if (Object.hasOwn(known, name)) return true;
  return name.endsWith(FILE) && known[name.slice(0, -FILE.length)]?.secret === true;
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(`${name}${FILE}: ${(error as Error).message}`);
  }
}

function toInteger(name: string, value: string, least: number, most: number): number {
  const number = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new ConfigError(`${name} must be a whole number from ${least} to ${most}, not "${value}"`);
}

function toChoice<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return choice;
  throw new ConfigError(`${name} knows ${choices.join(', ')}, not "${value}"`);
}
