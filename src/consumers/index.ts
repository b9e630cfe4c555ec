export * from './consumers.module.js';
export * from './event-consumers.js';
