export { OPERATIONS_PAGE } from './operations-page.js';
export { routePathOf, wireOperations, type WireOperation } from './operations.js';
export { WireModule } from './wire.module.js';
