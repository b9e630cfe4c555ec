export { withCauses } from './errors.js';
export { Health, type Readiness } from './health.js';
export { Log } from './log.js';
export { Metrics } from './metrics.js';
export { remembered } from './remembered.js';
export { requestInHand, type RequestInHand } from './request-in-hand.js';
export { serveTelemetry } from './routes.js';
export { TelemetryModule } from './telemetry.module.js';
export { Troubles, type TroubleWords } from './troubles.js';
