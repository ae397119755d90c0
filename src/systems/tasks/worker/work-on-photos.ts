import { systemClock } from '../../../kernel/clock/index.js';
import { applyFilter } from '../filters/index.js';
import { HttpContract } from './http-contract.js';
import { workLoop } from './work-loop.js';

/** Works as the environment of the photo worker says, until `stopping`; resolves with the status that it ends with. */
export async function workOnPhotos(
  environment: Readonly<Record<string, string | undefined>>,
  stopping: AbortSignal,
): Promise<number> {
  const { STARLING_URL: url, STARLING_INSTANCE: worker = `photo-worker-${process.pid}` } = environment;
  if (url === undefined) {
    console.error('STARLING_URL is not set: give the address of the gateway, as in http://127.0.0.1:8080.');
    return 2;
  }
  const concurrency = Number(environment.STARLING_CONCURRENCY ?? 1);
  const pixels = Number(environment.STARLING_PIXELS ?? 100_000_000);
  const say = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    console.log(JSON.stringify({ level, message, ...fields }));
  if (stopping.aborted) return 0;
  console.log('ready');
  await workLoop({
    contract: new HttpContract({ url, worker, tokenFile: environment.STARLING_TOKEN_FILE }),
    process: (original, filter) => applyFilter(original, filter, { pixels }),
    concurrency,
    clock: systemClock,
    logger: { info: say('info'), warn: say('warn') },
    stopping,
  });
  return 0;
}
