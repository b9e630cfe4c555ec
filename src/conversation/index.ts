export * from './core/index.js';
export * from './recorded.js';
export * from './signals.js';
export * from './views.js';
