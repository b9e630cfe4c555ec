export * from './app-configuration.js';
export * from './app-settings.js';
export * from './asked.js';
export * from './change-log.js';
export * from './configuration.change.js';
export * from './configuration.module.js';
export * from './configuration.store.js';
export * from './session-settings.js';
