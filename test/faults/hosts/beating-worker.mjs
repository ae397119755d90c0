// The built-in photo worker, which writes down when it works: a line with the time of the machine's monotonic clock every 100 ms
// into a file of its own in the folder BEATS, and a numbered line to its log every tenth time. An instance that is stopped or killed
// writes nothing.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

const { BEATS = '', STARLING_INSTANCE: instance } = process.env;
let beats = 0;
const beat = () => {
  const at = Number(process.hrtime.bigint()) / 1e6;
  const line = { at, instance, pid: process.pid, folder: process.cwd() };
  appendFileSync(join(BEATS, `${instance}.jsonl`), `${JSON.stringify(line)}\n`);
  if (beats % 10 === 0) console.log(`beat ${beats}`);
  beats += 1;
};
beat();
setInterval(beat, 100).unref();
await import('../../../dist/systems/tasks/worker/photo-worker.js');
