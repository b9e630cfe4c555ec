export * from './clock.query.js';
export { isoTime } from './iso-time.js';
export { readTime, readTimeOrDay } from './read-time.js';
