export * from './failure.js';
export * from './ids.js';
export * from './languages.js';
export * from './metadata.js';
export * from './never.js';
export * from './roles.js';
export * from './text.js';
export * from './time.js';
