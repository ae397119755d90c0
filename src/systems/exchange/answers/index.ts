export { AnswerFiles } from './answer-files.js';
export { readAnswer } from './answers.js';
