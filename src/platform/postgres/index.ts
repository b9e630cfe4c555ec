export * from './batch.js';
export * from './db.js';
export * from './migrator.js';
export * from './outage.js';
export * from './postgres.module.js';
export * from './store.js';
export type { Tables } from './tables.js';
export * from './types.js';
export * from './writer.js';
