/** The official clients ship no types; their answers are model instances whose fields the specs read freely. */
interface OfficialApiClient {
  basePath: string;
  requestAgent: unknown;
  authentications: {
    basicAuth: { username?: string; password?: string };
    bearerAuth: { accessToken?: string };
  };
}

// oxlint-disable-next-line typescript/no-explicit-any
type OfficialCall = (...args: any[]) => Promise<any>;

type OfficialModule = { ApiClient: new () => OfficialApiClient } & Record<
  string,
  new (client?: OfficialApiClient) => Record<string, OfficialCall>
>;

declare module 'sunshine-conversations-client' {
  const client: OfficialModule;
  export default client;
}

/** Earlier versions, installed under their number. */
declare module 'sunshine-conversations-client-*' {
  const client: OfficialModule;
  export default client;
}
