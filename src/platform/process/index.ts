export * from './account.js';
export * from './claim.js';
export * from './daemon.js';
export * from './free-port.js';
