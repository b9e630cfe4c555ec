export * from './account.js';
export * from './daemon.js';
export * from './free-port.js';
