import { systemClock } from '../../../kernel/clock/index.js';
import { applyFilter } from '../filters/index.js';
import { HttpContract } from './http-contract.js';
import { workLoop } from './work-loop.js';

/**
 * The program of the built-in photo worker. It says `ready` on its standard output, works until SIGTERM, finishes what it
 * has, and ends. Its environment: STARLING_URL, STARLING_INSTANCE, STARLING_TOKEN_FILE (none in open mode), and
 * STARLING_CONCURRENCY and STARLING_PIXELS if others than 1 and 100,000,000.
 */
const { STARLING_URL: url, STARLING_INSTANCE: worker = `photo-worker-${process.pid}` } = process.env;
if (url === undefined) {
  console.error('STARLING_URL is not set: give the address of the gateway, as in http://127.0.0.1:8080.');
  process.exit(2);
}
const concurrency = Number(process.env.STARLING_CONCURRENCY ?? 1);
const pixels = Number(process.env.STARLING_PIXELS ?? 100_000_000);

const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());

const say = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
  console.log(JSON.stringify({ level, message, ...fields }));

console.log('ready');
await workLoop({
  contract: new HttpContract({ url, worker, tokenFile: process.env.STARLING_TOKEN_FILE }),
  process: (original, filter) => applyFilter(original, filter, { pixels }),
  concurrency,
  clock: systemClock,
  logger: { info: say('info'), warn: say('warn') },
  stopping: stopping.signal,
});
