export type { Reader } from './policy.js';
export { READERS, readerOf, Reading, type ReadingCaller } from './reading.js';
export { ReadingModule } from './reading.module.js';
export { readableConversation, readableSession, readableSurvey, readableUser } from './reading.query.js';
