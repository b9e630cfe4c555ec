import { Global, Module } from '@nestjs/common';
import { DatabaseTime } from './database-time.query.js';
import { HouseClock } from './house-clock.js';

@Global()
@Module({ providers: [DatabaseTime, HouseClock], exports: [HouseClock, DatabaseTime] })
export class ClockModule {}
