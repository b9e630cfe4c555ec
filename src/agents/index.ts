export * from './core/index.js';
export { agentOf, lockAgents } from './locks.store.js';
