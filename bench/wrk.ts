import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * The load generator: wrk, one thread, closed loop. A generator in JavaScript would take half of the machine from what
 * is measured.
 */
export interface Load {
  readonly url: string;
  /** Paths to choose from at random, request by request. */
  readonly paths: readonly string[];
  readonly body: string;
  readonly authorization: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly rate: number;
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
}

const lua = (load: Load, pathsFile: string) => `
local paths = {}
for line in io.lines("${pathsFile}") do paths[#paths + 1] = line end
math.randomseed(os.time())
wrk.method = "POST"
wrk.body = [==[${load.body}]==]
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "${load.authorization}"
request = function() return wrk.format(nil, paths[math.random(#paths)]) end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('RESULT {"requests":%d,"micros":%d,"p50":%f,"p99":%f,"errors":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.connect + e.read + e.write + e.status + e.timeout))
end
`;

/** Runs the load and refuses a run in which any request failed: a fast wrong answer is no figure. */
export async function wrk(load: Load): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  const paths = join(folder, 'paths');
  const script = join(folder, 'load.lua');
  writeFileSync(paths, load.paths.join('\n'));
  writeFileSync(script, lua(load, paths));
  const options = ['-t1', `-c${load.connections}`, `-d${load.seconds}s`, '--timeout', '5s', '-s', script, load.url];
  const { stdout } = await promisify(execFile)('wrk', options).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Error('wrk is missing; on Debian: apt-get install wrk');
    throw error;
  });
  const line = /RESULT (.*)/.exec(stdout)?.[1];
  if (!line) throw new Error(`wrk said nothing: ${stdout}`);
  const result = JSON.parse(line) as { requests: number; micros: number; p50: number; p99: number; errors: number };
  if (result.errors > 0) throw new Error(`${result.errors} of ${result.requests} requests failed`);
  return {
    rate: (result.requests / result.micros) * 1e6,
    requests: result.requests,
    p50: result.p50,
    p99: result.p99,
  };
}
