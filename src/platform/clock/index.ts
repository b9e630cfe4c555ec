export { ClockModule } from './clock.module.js';
export * from './clock.query.js';
export { DatabaseTime } from './database-time.query.js';
export { HouseClock } from './house-clock.js';
export { isoTime } from './iso-time.js';
export { readTime, readTimeOrDay } from './read-time.js';
