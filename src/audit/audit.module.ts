import { Global, Module } from '@nestjs/common';
import { CHANGE_LOG } from '../configuration/index.js';
import { AuditController } from './audit.controller.js';
import { AuditLogStore } from './audit-log.store.js';
import { AuditExport } from './audit-export.js';
import { AuditQuery } from './audit.query.js';
import { AuditVerification } from './audit-verification.js';
import { TranscriptReadings } from './transcript-readings.js';

/** Who changed what of an app, and who read what was none of theirs. Global, because it gives the configuration the log that every change is written to. */
@Global()
@Module({
  controllers: [AuditController],
  providers: [
    AuditLogStore,
    AuditQuery,
    AuditExport,
    AuditVerification,
    TranscriptReadings,
    { provide: CHANGE_LOG, useExisting: AuditLogStore },
  ],
  exports: [CHANGE_LOG, AuditQuery, AuditVerification, TranscriptReadings],
})
export class AuditModule {}
