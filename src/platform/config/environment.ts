import type { Environment } from './read.js';

/** The environment we were started with; read nowhere else. Programs we start get none of it but what they need. */
export const environment: Environment = process.env;
