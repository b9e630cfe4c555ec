export { COPIES } from './copies.js';
export { erasedWords } from './erase-words.store.js';
export { ErasureModule } from './erasure.module.js';
export { PersonErasure, type Person } from './person-erasure.store.js';
