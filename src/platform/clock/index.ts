export * from './clock.query.js';
