export * from './binary.js';
export * from './nats-process.js';
