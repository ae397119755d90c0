import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./raw-child.mjs', import.meta.url));

/** Starts a warm child for one direct query; `run` tells how long the query took as its parent sees it, in milliseconds. */
export async function rawChild(file, query) {
  const child = fork(program, [file, query]);
  await once(child, 'message');
  return {
    async run() {
      const start = performance.now();
      child.send('go');
      const [rows] = await once(child, 'message');
      const took = performance.now() - start;
      await once(child, 'exit');
      return { took, rows };
    },
  };
}
