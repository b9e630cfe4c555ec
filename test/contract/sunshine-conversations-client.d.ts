/** The official client ships no types; its answers are model instances whose fields the specs read freely. */
declare module 'sunshine-conversations-client' {
  // oxlint-disable-next-line typescript/no-explicit-any
  type Call = (...args: any[]) => Promise<any>;
  interface ApiClientInstance {
    basePath: string;
    requestAgent: unknown;
    authentications: {
      basicAuth: { username?: string; password?: string };
      bearerAuth: { accessToken?: string };
    };
  }
  type Api = Record<string, Call>;
  const client: { ApiClient: new () => ApiClientInstance } & Record<string, new (client: ApiClientInstance) => Api>;
  export default client;
}
