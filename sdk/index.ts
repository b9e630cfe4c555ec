export * from './envelope.js';
export * from './events.js';
export * from './session-ended.js';
