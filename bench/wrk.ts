import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withFolder } from './folder.js';

/**
 * The load generator: wrk, one thread, closed loop. A generator in JavaScript would take half of the machine from what
 * is measured.
 */
export interface Load {
  readonly url: string;
  /** Paths to choose from at random, request by request. */
  readonly paths: readonly string[] | NumberedPaths;
  readonly body: string;
  readonly authorization: string;
  readonly connections: number;
  readonly seconds: number;
  /** A flood: that requests are refused is what is wanted of it. */
  readonly mayBeRefused?: boolean;
}

/** `before`, ten hexadecimal digits from 1 to `count`, `after`: more paths than a file should list. */
export interface NumberedPaths {
  readonly before: string;
  readonly count: number;
  readonly after: string;
}

export interface LoadResult {
  readonly rate: number;
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
  /** Answered with another status than 2xx or 3xx. */
  readonly refused: number;
}

const lua = (load: Load, path: string) => `
${path}
math.randomseed(os.time())
wrk.method = "POST"
wrk.body = [==[${load.body}]==]
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = "${load.authorization}"
request = function() return wrk.format(nil, path()) end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('RESULT {"requests":%d,"micros":%d,"p50":%f,"p99":%f,"refused":%d,"errors":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.status, e.connect + e.read + e.write + e.timeout))
end
`;

const listed = (file: string) => `
local paths = {}
for line in io.lines("${file}") do paths[#paths + 1] = line end
local path = function() return paths[math.random(#paths)] end`;

const numbered = ({ before, count, after }: NumberedPaths) =>
  `local path = function() return string.format("${before}%010x${after}", math.random(${count})) end`;

/** Runs the load and refuses a run in which any request failed: a fast wrong answer is no figure. */
export async function wrk(load: Load): Promise<LoadResult> {
  const stdout = await withFolder((folder) => generated(load, folder));
  const line = /RESULT (.*)/.exec(stdout)?.[1];
  if (!line) throw new Error(`wrk said nothing: ${stdout}`);
  const result = JSON.parse(line) as Omit<LoadResult, 'rate'> & { micros: number; errors: number };
  const failed = result.errors + (load.mayBeRefused === true ? 0 : result.refused);
  if (failed > 0) throw new Error(`${failed} of ${result.requests} requests failed`);
  return {
    refused: result.refused,
    rate: (result.requests / result.micros) * 1e6,
    requests: result.requests,
    p50: result.p50,
    p99: result.p99,
  };
}

async function generated(load: Load, folder: string): Promise<string> {
  const file = join(folder, 'paths');
  const script = join(folder, 'load.lua');
  if ('before' in load.paths) {
    writeFileSync(script, lua(load, numbered(load.paths)));
  } else {
    writeFileSync(file, load.paths.join('\n'));
    writeFileSync(script, lua(load, listed(file)));
  }
  const options = ['-t1', `-c${load.connections}`, `-d${load.seconds}s`, '--timeout', '5s', '-s', script, load.url];
  const { stdout } = await promisify(execFile)('wrk', options).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Error('wrk is missing; on Debian: apt-get install wrk');
    throw error;
  });
  return stdout;
}
