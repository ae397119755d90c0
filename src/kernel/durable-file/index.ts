export { publishFile, replaceFile } from './durable-file.js';
