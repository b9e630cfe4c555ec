export * from './close-server.js';
export * from './drain.js';
export * from './lifecycle.module.js';
export * from './present.js';
