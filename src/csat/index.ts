export { surveyWriters } from './asking/survey-rows.store.js';
export * from './csat.module.js';
