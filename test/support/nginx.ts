import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../src/platform/process/index.js';
import { programPath, startProgram } from './programs.js';
import { ownFolder } from './servers.js';

export interface Nginx {
  readonly port: number;
  /** What a client must trust to believe it: a certificate authority of its own. */
  readonly ca: string;
  stop(): Promise<void>;
}

export interface Ending {
  /** Of whom its certificate is. */
  readonly host: string;
  /** The URL that everything is passed on to. */
  readonly upstream: string;
  readonly port?: number;
  /** `false`: as who writes no more than `proxy_pass`, so that the house hears of nothing but the proxy. */
  readonly tells?: boolean;
}

/** An nginx that ends TLS on a loopback port. */
export async function startNginx({ host, upstream, port: given = 0, tells = true }: Ending): Promise<Nginx> {
  const folder = ownFolder('nginx');
  const port = await freePort(given);
  const ca = certify(folder, host);
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, configOf(folder, port, host, upstream, tells ? TOLD : ''));
  const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', config];
  const stop = await startProgram({ name: 'nginx', args, folder, port });
  return {
    port,
    ca,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const TOLD = `
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`;

const configOf = (folder: string, port: number, host: string, upstream: string, told: string): string => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/client;
  proxy_temp_path ${folder}/proxied;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} ssl;
    server_name ${host};
    ssl_certificate ${folder}/server.pem;
    ssl_certificate_key ${folder}/server.key;
    location / {
      proxy_pass ${upstream};
      proxy_http_version 1.1;
      proxy_set_header Connection "";${told}
    }
  }
}
`;

/** A certificate for `host` by an authority that nobody else knows; answers the authority's. */
function certify(folder: string, host: string): string {
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]) =>
    execFileSync(programPath('openssl'), [...args], { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '2',
    '-subj',
    '/CN=authority of a test',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
  );
  openssl('req', ...key, '-subj', `/CN=${host}`, '-keyout', at('server.key'), '-out', at('server.csr'));
  writeFileSync(at('names'), `subjectAltName=DNS:${host}\n`);
  const signed = [
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    at('names'),
  ];
  openssl('x509', '-req', '-in', at('server.csr'), ...signed, '-out', at('server.pem'));
  // nginx is not started as root, whoever wrote it.
  execFileSync('chmod', ['644', at('server.key')]);
  return readFileSync(at('ca.pem'), 'utf8');
}
