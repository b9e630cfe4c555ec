export * from './clock.query.js';
export { isoTime } from './iso-time.js';
