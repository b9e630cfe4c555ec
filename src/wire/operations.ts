import type { WireOperation } from '../platform/http/index.js';

export { wireOperations, type WireOperation } from '../platform/http/index.js';

/** The path as routes are written: `/v2/apps/:appId`. */
export const routePathOf = ({ path }: Pick<WireOperation, 'path'>): string => path.replace(/\{(\w+)\}/g, ':$1');
