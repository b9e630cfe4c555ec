import { Module } from '@nestjs/common';
import { Reading } from './reading.js';
import { ReadingQuery } from './reading.query.js';

/** Who may read what end users said and who they are. Needs the audit log, which is global. */
@Module({ providers: [Reading, ReadingQuery], exports: [Reading] })
export class ReadingModule {}
