export * from './csv/index.js';
export * from './import/index.js';
export * from './sample/index.js';
export * from './watch/index.js';
