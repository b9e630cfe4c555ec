export * from './csat.module.js';
