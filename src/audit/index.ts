export { AuditModule } from './audit.module.js';
export { AuditQuery } from './audit.query.js';
export { AuditVerification, type Verification } from './audit-verification.js';
export { TranscriptReadings } from './transcript-readings.js';
export { entryView } from './views.js';
