/**
 * The operations whose words are not ours: those of the public API, 17.12.1, by path. What they read stays lenient, so
 * that clients of other versions work (ADR 0012); every other operation refuses words it does not know (ADR 0047).
 * `wire-operations.spec.ts` holds the list against the facts of the public API.
 */
export const wireOperations: Readonly<Record<string, readonly string[]>> = {
  '/v2/apps': ['GET', 'POST'],
  '/v2/apps/:appId': ['GET', 'PATCH', 'DELETE'],
  '/v2/apps/:appId/keys': ['GET', 'POST'],
  '/v2/apps/:appId/keys/:keyId': ['GET', 'DELETE'],
  '/v2/apps/:appId/attachments': ['POST'],
  '/v2/apps/:appId/attachments/remove': ['POST'],
  '/v2/apps/:appId/conversations': ['GET', 'POST'],
  '/v2/apps/:appId/conversations/:conversationId': ['GET', 'PATCH', 'DELETE'],
  '/v2/apps/:appId/conversations/:conversationId/join': ['POST'],
  '/v2/apps/:appId/conversations/:conversationId/participants': ['GET'],
  '/v2/apps/:appId/conversations/:conversationId/leave': ['POST'],
  '/v2/apps/:appId/conversations/:conversationId/messages': ['GET', 'POST', 'DELETE'],
  '/v2/apps/:appId/conversations/:conversationId/messages/:messageId': ['DELETE'],
  '/v2/apps/:appId/conversations/:conversationId/activity': ['POST'],
  '/v2/apps/:appId/conversations/:conversationId/passControl': ['POST'],
  '/v2/apps/:appId/conversations/:conversationId/releaseControl': ['POST'],
  '/v2/apps/:appId/conversations/:conversationId/offerControl': ['POST'],
  '/v2/apps/:appId/conversations/:conversationId/acceptControl': ['POST'],
  '/v2/apps/:appId/conversations/:conversationId/download': ['POST'],
  '/v2/apps/:appId/conversations/:conversationId/conversionEvents': ['POST'],
  '/v2/apps/:appId/integrations': ['GET', 'POST'],
  '/v2/apps/:appId/integrations/:integrationId': ['GET', 'PATCH', 'DELETE'],
  '/v2/apps/:appId/integrations/:integrationId/keys': ['GET', 'POST'],
  '/v2/apps/:appId/integrations/:integrationId/keys/:keyId': ['GET', 'DELETE'],
  '/v2/apps/:appId/integrations/:integrationId/webhooks': ['GET', 'POST'],
  '/v2/apps/:appId/integrations/:integrationId/webhooks/:webhookId': ['GET', 'PATCH', 'DELETE'],
  '/v2/apps/:appId/switchboards': ['GET', 'POST'],
  '/v2/apps/:appId/switchboards/:switchboardId': ['PATCH', 'DELETE'],
  '/v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations': ['GET', 'POST'],
  '/v2/apps/:appId/switchboards/:switchboardId/switchboardIntegrations/:switchboardIntegrationId': ['PATCH', 'DELETE'],
  '/v2/apps/:appId/users': ['GET', 'POST'],
  '/v2/apps/:appId/users/:user': ['GET', 'PATCH', 'DELETE'],
  '/v2/apps/:appId/users/:user/clients': ['GET', 'POST'],
  '/v2/apps/:appId/users/:user/clients/:clientId': ['DELETE'],
  '/v2/apps/:appId/users/:user/devices': ['GET'],
  '/v2/apps/:appId/users/:user/devices/:deviceId': ['GET'],
  '/v2/apps/:appId/users/:user/personalinformation': ['DELETE'],
  '/v2/apps/:appId/users/:user/sync': ['POST'],
  '/v2/tokenInfo': ['GET'],
};

/** Parameters are called differently in different places, and stand in the same place. */
const unnamed = (path: string): string => path.replaceAll(/:\w+/g, ':');

const methods = new Map(Object.entries(wireOperations).map(([path, known]) => [unnamed(path), new Set(known)]));

/** What was found of each route. */
const ours = new Map<string, boolean>();

/** An operation of our own API, not of the public one; pages for people and for machines are neither. */
export function isOurs(method: string, route: string | undefined): boolean {
  if (route === undefined) return false;
  const key = `${method} ${route}`;
  const known = ours.get(key) ?? isBesideWire(method, route);
  ours.set(key, known);
  return known;
}

function isBesideWire(method: string, route: string): boolean {
  if (!/^\/(v2|client)\//.test(route)) return false;
  return !methods.get(unnamed(route))?.has(method === 'HEAD' ? 'GET' : method);
}
