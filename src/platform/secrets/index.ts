export * from './digest.js';
export * from './new-secret.js';
export * from './secret-box.js';
export * from './secrets.module.js';
