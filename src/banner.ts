/** What a stranger needs to try the demo app; made by the demo seeder. */
export interface DemoGuide {
  readonly appId: string;
  readonly keyId: string;
  readonly secret: string;
  /** A conversation whose control can be passed now. */
  readonly conversationId: string;
  /** The name of the switchboard integration to pass it to. */
  readonly passTo: string;
}

/** Answers what the banner tells of the demo; `null` when there is none. Provided by the demo's module, if it is there. */
export abstract class DemoGuides {
  abstract guide(): Promise<DemoGuide | null>;
}

export interface Standing {
  readonly url: string;
  readonly dataDir: string;
  readonly postgres: string;
  readonly nats: string;
  readonly demo: DemoGuide | null;
}

/** What is printed once the server is ready; fits one screen. */
export function banner({ url, dataDir, postgres, nats, demo }: Standing): string {
  const rows = [
    ['API', `${url}/v2`],
    ['Health', `${url}/health/ready`],
    ['Metrics', `${url}/metrics`],
    ['PostgreSQL', postgres],
    ['NATS', nats],
    ['Data', dataDir],
    ...(demo
      ? [
          ['Demo app', demo.appId],
          ['Demo key', `${demo.keyId}:${demo.secret}`],
        ]
      : []),
  ];
  const table = rows.map(([name = '', value = '']) => `  ${name.padEnd(11)} ${value}`).join('\n');
  return `\nSwitchboard is ready.\n\n${table}\n${demo ? tryIt(url, demo) : ''}`;
}

function tryIt(url: string, { appId, keyId, secret, conversationId, passTo }: DemoGuide): string {
  return `
Pass control:

  curl -u ${keyId}:${secret} -H 'content-type: application/json' \\
    ${url}/v2/apps/${appId}/conversations/${conversationId}/passControl \\
    -d '{"switchboardIntegration":"${passTo}"}'

See a session end:

  npm run -s events -- session.ended
`;
}
