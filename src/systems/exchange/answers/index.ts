export { AnswerBlobs } from './answer-blobs.js';
export { AnswerFiles } from './answer-files.js';
export { type AnswerStore, rowsName } from './answer-store.js';
export { readAnswer } from './answers.js';
