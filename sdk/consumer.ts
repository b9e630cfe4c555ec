/** The consumer kit: what a program needs to act on Switchboard's events, with nothing of Switchboard inside. */
export * from './consumer/access-options.js';
export * from './consumer/access.js';
export * from './consumer/connection.js';
export * from './consumer/consumer.js';
export { EffectTimeout } from './consumer/effects.js';
export * from './consumer/once.js';
export * from './consumer/options.js';
export * from './consumer/pattern.js';
export * from './consumer/refusals.js';
