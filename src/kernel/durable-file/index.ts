export { makeFile, publishFile, replaceFile } from './durable-file.js';
