export * from './agent.js';
export * from './capacity.js';
export * from './commands.js';
export { decideAgent } from './decide.js';
export * from './events.js';
export * from './waits.js';
export { changeWork } from './work.js';
