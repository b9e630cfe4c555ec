export * from './agent.js';
export * from './capacity.js';
export * from './events.js';
export { changeWork } from './work.js';
