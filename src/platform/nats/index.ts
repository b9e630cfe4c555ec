export * from './nats.js';
export * from './nats.module.js';
export { INSTALL_COMMAND, findNatsServer } from './server/index.js';
export * from './publisher.js';
export * from './publishing.js';
