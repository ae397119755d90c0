import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The library of matrices, loaded when a fit first needs it: most runs have none, and each run is a process that starts. */
export function matrices(): typeof import('ml-matrix') {
  return require('ml-matrix');
}
