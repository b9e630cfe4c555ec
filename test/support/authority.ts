import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of a company's own, made with openssl: nobody else believes it. */
export class Authority {
  readonly ca: string;
  readonly #key: string;

  constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {
    this.ca = join(folder, `${name}.pem`);
    this.#key = join(folder, `${name}.key`);
    openssl(...newKey(this.#key), '-x509', '-days', '2', '-subj', `/CN=${name}`, '-out', this.ca);
  }

  /** @param alternatives Whom it is for, as openssl writes them: `DNS:a.example,IP:127.0.0.1`. */
  issue(subject: string, alternatives = `DNS:${subject}`): Certificate {
    const [cert, key, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((end) =>
      join(this.folder, `${this.name}-${subject}.${end}`),
    ) as [string, string, string, string];
    writeFileSync(extensions, `subjectAltName=${alternatives}\n`);
    openssl(...newKey(key), '-subj', `/CN=${subject}`, '-out', request);
    execFileSync(
      'openssl',
      ['x509', '-req', '-in', request, '-CA', this.ca, '-CAkey', this.#key, '-CAcreateserial'].concat([
        '-days',
        '2',
        '-extfile',
        extensions,
        '-out',
        cert,
      ]),
      { stdio: 'pipe' },
    );
    return { cert, key };
  }
}

const newKey = (key: string): string[] => [
  'req',
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:P-256',
  '-nodes',
  '-keyout',
  key,
];

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
