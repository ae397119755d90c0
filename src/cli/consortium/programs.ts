import { childProgram } from '../../kernel/child-program/index.js';

/** Programs of Starling's own that services may name: the words of their commands. */
export const programs: Readonly<Record<string, () => readonly string[]>> = {
  'photo-worker': () => [process.execPath, childProgram('systems/tasks/worker/photo-worker.js')],
};
