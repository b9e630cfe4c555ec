export * from './binary.js';
export * from './greeting.js';
export * from './nats-process.js';
