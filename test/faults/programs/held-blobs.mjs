// Says which blobs are held, as JSON: `{ hashes, removed }`, where `removed` counts those that nobody held. Argument: JSON,
// `{ folder }` of embedded blobs, or `{ servers }` of NATS.
import { systemClock as clock } from '../../../dist/kernel/clock/index.js';

const options = JSON.parse(process.argv[2]);
const { openLocalBlobs, openNatsBlobs } = await import('../../../dist/kernel/blobs/index.js');
const logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const blobs =
  options.folder === undefined
    ? await openNatsBlobs({ ...options, clock, logger })
    : await openLocalBlobs({ folder: options.folder });
const hashes = new Set();
const { removed } = await blobs.sweep((_owner, hash) => {
  hashes.add(hash);
  return true;
});
await blobs.close();
console.log(JSON.stringify({ hashes: [...hashes], removed }));
