export * from './agent-events.js';
export * from './announced.js';
export * from './consumer.js';
export * from './envelope.js';
export * from './events.js';
export * from './session-ended.js';
export * from './surveys.js';
