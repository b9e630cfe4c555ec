import { hkdfSync } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Config } from '../config/config.js';
import { SecretBox } from '../secrets/secret-box.js';

/** This process and those before it or beside it contradict each other: one sentence that says what to do. */
export class AgreementError extends Error {
  override readonly name = 'AgreementError';
}

/** What processes that run at the same time must have the same, under the names of the settings. */
export interface RunningSettings {
  readonly SWITCHBOARD_LEASE_SECONDS: number;
  /** Which nats-server: two of them would each be given half of the events. */
  readonly NATS_URL: string;
  /** Of those who publish, where set: each would put its own in the place of the other's. */
  readonly SWITCHBOARD_STREAM_REPLICAS?: number;
  readonly SWITCHBOARD_STREAM_MAX_AGE_HOURS?: number;
  readonly SWITCHBOARD_STREAM_MAX_BYTES?: number;
}

const MASTER_KEY = 'master_key';
const LOOK_EVERY_MS = 250;

export function runningSettings({
  ledger,
  natsUrl,
  dataDir,
  stream,
  roles,
}: Pick<Config, 'ledger' | 'natsUrl' | 'dataDir' | 'stream' | 'roles'>): RunningSettings {
  return {
    SWITCHBOARD_LEASE_SECONDS: ledger.leaseSeconds,
    // By what URL each process reaches it is its own affair.
    NATS_URL: natsUrl === null ? `our own of ${hostname()} ${dataDir}` : 'set',
    ...(roles.has('relay') && limitsOf(stream)),
  };
}

/** What is not set leaves the stream as it is. */
const limitsOf = ({ replicas, maxAgeHours, maxBytes }: Config['stream']): Partial<RunningSettings> => ({
  ...(replicas !== null && { SWITCHBOARD_STREAM_REPLICAS: replicas }),
  ...(maxAgeHours !== null && { SWITCHBOARD_STREAM_MAX_AGE_HOURS: maxAgeHours }),
  ...(maxBytes !== null && { SWITCHBOARD_STREAM_MAX_BYTES: maxBytes }),
});

/**
 * Holds this process's settings against what the database knows, before anything is changed there. Throws
 * `AgreementError`; waits as long as a lease for a process that may just have died.
 */
export async function checkAgreement(client: Client, config: Config): Promise<void> {
  await checkMasterKey(client, config.masterKey);
  // One of our own belongs to this process alone: whoever was seen there is dead.
  if (config.databaseUrl !== null) await checkRunning(client, runningSettings(config));
}

/** Leaves for later processes what they must have the same; two first ones at once are told apart here. */
export async function keepAgreement(client: Client, config: Config): Promise<void> {
  const fingerprint = fingerprintOf(config.masterKey);
  await client.query('INSERT INTO agreement (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    MASTER_KEY,
    fingerprint,
  ]);
  if ((await kept(client, MASTER_KEY)) !== fingerprint) throw otherMasterKey();
}

async function checkMasterKey(client: Client, masterKey: Buffer): Promise<void> {
  const fingerprint = await kept(client, MASTER_KEY);
  const isOurs = fingerprint === null ? await opens(client, masterKey) : fingerprint === fingerprintOf(masterKey);
  if (!isOurs) throw otherMasterKey();
}

/** Tells keys apart, and nothing of the key. */
function fingerprintOf(masterKey: Buffer): string {
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'switchboard master key fingerprint', 32)).toString('hex');
}

function otherMasterKey(): AgreementError {
  return new AgreementError(
    'the master key is not the one that the secrets in this database are sealed with: set SWITCHBOARD_MASTER_KEY to the key of the other processes, or to what is in the master.key of the data directory that was used first',
  );
}

async function kept(client: Client, name: string): Promise<string | null> {
  if (!(await exists(client, 'agreement'))) return null;
  const { rows } = await client.query<{ value: string }>('SELECT value FROM agreement WHERE name = $1', [name]);
  return rows[0]?.value ?? null;
}

/**
 * For a database older than the fingerprint: whether a secret in it opens. An app's is asked first, because the account's
 * may have been sealed anew by a process with another key.
 */
async function opens(client: Client, masterKey: Buffer): Promise<boolean> {
  if (!(await exists(client, 'api_key'))) return true;
  const { rows } = await client.query<{ secret: Buffer; place: string }>(`
    SELECT secret, coalesce(app_id, 'account') AS place FROM api_key ORDER BY app_id IS NULL, id LIMIT 1`);
  const [row] = rows;
  if (row === undefined) return true;
  try {
    new SecretBox(masterKey).open(row.secret, row.place);
    return true;
  } catch {
    return false;
  }
}

interface Running {
  readonly id: string;
  readonly seen: string;
  readonly settings: Partial<RunningSettings>;
}

async function checkRunning(client: Client, ours: RunningSettings): Promise<void> {
  if (!(await exists(client, 'agreement'))) return;
  const seen = new Map<string, string>();
  for (;;) {
    const others = (await running(client)).filter(({ settings }) => contradiction(ours, settings) !== null);
    const alive = others.find(({ id, seen: last }) => seen.has(id) && seen.get(id) !== last);
    if (alive !== undefined) throw otherSettings(ours, alive.settings);
    if (others.length === 0) return;
    for (const { id, seen: last } of others) seen.set(id, last);
    await pause(LOOK_EVERY_MS);
  }
}

/** Whoever showed a sign of life within its own lease. One of an older version says nothing of its settings. */
async function running(client: Client): Promise<readonly Running[]> {
  const { rows } = await client.query<Running>(`
    SELECT id, seen_at::text AS seen, settings FROM process
    WHERE seen_at > clock_timestamp() - (settings ->> 'SWITCHBOARD_LEASE_SECONDS')::float8 * interval '1 s'`);
  return rows;
}

function contradiction(ours: RunningSettings, theirs: Partial<RunningSettings>): keyof RunningSettings | null {
  const names = Object.keys(ours) as (keyof RunningSettings)[];
  return names.find((name) => theirs[name] !== undefined && theirs[name] !== ours[name]) ?? null;
}

function otherSettings(ours: RunningSettings, theirs: Partial<RunningSettings>): AgreementError {
  const name = contradiction(ours, theirs) ?? 'SWITCHBOARD_LEASE_SECONDS';
  return new AgreementError(
    name === 'NATS_URL'
      ? 'another process on this database uses another nats-server, so that each would get half of the events: set NATS_URL to the same one for all of them'
      : `${name} is ${ours[name]} here and ${theirs[name]} in another process on this database: give all of them the same, or stop the others first`,
  );
}

async function exists(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [table]);
  return rows[0]?.found ?? false;
}
