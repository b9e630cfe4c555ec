export * from './routing.module.js';
