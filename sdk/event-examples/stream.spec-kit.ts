import { at, minutesLater, type ExamplesOf } from './given.spec-kit.js';

const stream = 'SWITCHBOARD';

export const streamExamples: ExamplesOf<'stream'> = {
  'stream.restored': [
    // Put back to an older copy: the same stream, but shorter.
    { schemaVersion: 1, stream, generation: 2, createdAt: at, survivedSeq: 81_204, republished: 1_730 },
    // Wiped: another stream, without anything.
    { schemaVersion: 1, stream, generation: 3, createdAt: minutesLater(600), survivedSeq: 0, republished: 90_112 },
  ],
};
