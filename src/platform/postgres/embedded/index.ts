export * from './binaries.js';
export * from './cluster.js';
export * from './embedded.js';
export * from './temporary.js';
