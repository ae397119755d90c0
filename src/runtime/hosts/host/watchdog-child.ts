// The program of a host's watchdog. Reads lines of JSON: which instances there are, where that has changed, and in how many milliseconds
// they are to be gone. What is not told otherwise by then, or when the host is gone, is killed. Writes down whom it killed.
import { createInterface } from 'node:readline';
import { closeInheritedFiles } from '../../../kernel/child-program/index.js';
import { killLeftBehind } from '../../process/left-behind.js';
import type { WatchdogWord } from './watchdog.js';

closeInheritedFiles();
// whoever stops all of a machine's processes stops the host, which ends this by its last word
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => {});
// the host may be gone when it is told
process.stdout.on('error', () => {});

let watched: NonNullable<WatchdogWord['instances']> = [];
let timer: NodeJS.Timeout | undefined;

async function kill(): Promise<void> {
  const killed = await killLeftBehind(watched);
  if (killed.length > 0) process.stdout.write(`${JSON.stringify({ killed })}\n`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { instances, leftMs } = JSON.parse(line) as WatchdogWord;
  watched = instances ?? watched;
  clearTimeout(timer);
  timer = setTimeout(() => void kill(), leftMs);
}
clearTimeout(timer);
await kill();
process.exit(0);
