export * from './book.js';
export * from './ledger.js';
export * from './partitions.js';
export * from './engine.js';
export * from './ledger.module.js';
export * from './metrics.js';
export * from './once.js';
export * from './rows.js';
