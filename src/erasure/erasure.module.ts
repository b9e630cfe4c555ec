import { Module } from '@nestjs/common';
import { PersonErasure } from './person-erasure.store.js';

/** What is deleted is deleted in every copy. */
@Module({ providers: [PersonErasure], exports: [PersonErasure] })
export class ErasureModule {}
