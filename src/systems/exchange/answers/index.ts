export { AnswerFiles, rowsName } from './answer-files.js';
export { readAnswer } from './answers.js';
