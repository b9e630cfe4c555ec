export * from './config.js';
export * from './config.module.js';
export { environment } from './environment.js';
export * from './load.js';
export { ConfigError } from './read.js';
