/**
 * The program of the built-in photo worker. It says `ready` on its standard output, works until SIGTERM, finishes what it
 * has, and ends. Its environment: STARLING_URL, STARLING_INSTANCE, STARLING_TOKEN_FILE (none in open mode), and
 * STARLING_CONCURRENCY and STARLING_PIXELS if others than 1 and 100,000,000.
 */
const stopping = new AbortController();
// before the rest is loaded, so that one that is told to stop as it starts ends as it should
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
const { workOnPhotos } = await import('./work-on-photos.js');
process.exitCode = await workOnPhotos(process.env, stopping.signal);
