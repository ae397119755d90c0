export { makeFile, publishFile, replaceFile } from './durable-file.js';
export { fileDigest } from './file-digest.js';
export { readFileIfThere, readRecord } from './read-record.js';
