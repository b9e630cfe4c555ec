import { Module } from '@nestjs/common';
import { MissingOperations } from './missing-operations.js';

/** What the wire knows and nobody here serves. */
@Module({ providers: [MissingOperations] })
export class WireModule {}
