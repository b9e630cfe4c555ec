export * from './app-configuration.js';
