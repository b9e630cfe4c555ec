export { Health, type Readiness } from './health.js';
export { Log } from './log.js';
export { Metrics } from './metrics.js';
export { serveTelemetry } from './routes.js';
export { TelemetryModule } from './telemetry.module.js';
