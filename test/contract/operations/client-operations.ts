import { routePathOf } from '../../../src/wire/index.js';
import { CLIENTS, type Version } from '../official-client.js';
import { shapeOf } from './witness.js';

/** The calls of an official client, told by itself: every function of every API class, with nothing sent. */
export async function operationsOfClient(version: Version): Promise<ReadonlySet<string>> {
  const { ApiClient, ...others } = CLIENTS[version];
  const found = new Set<string>();
  const client = Object.assign(new ApiClient(), {
    callApi: async (path: string, method: string) => {
      found.add(shapeOf(method, routePathOf({ path })));
      return { data: {} };
    },
  });
  for (const [name, Api] of Object.entries(others)) {
    if (!name.endsWith('Api')) continue;
    const api = new Api(client);
    const functions = Object.getOwnPropertyNames(Api.prototype).filter((one) =>
      /^[a-z]\w*(?<!WithHttpInfo)$/.test(one),
    );
    for (const one of functions) if (one !== 'constructor') await api[one]!('x', 'x', 'x', 'x', 'x');
  }
  return found;
}
