export * from './book.js';
export * from './ledger.js';
export * from './partitions.js';
