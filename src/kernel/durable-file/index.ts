export { makeFile, publishFile, replaceFile } from './durable-file.js';
export { readFileIfThere, readRecord } from './read-record.js';
