import { parentPort, workerData } from 'node:worker_threads';
import { StarlingError } from '../../../kernel/errors/index.js';
import { writeSample } from '../data/sample/index.js';
import type { SampleOrder, SampleReply } from './sample-files.js';

/** Makes up a university's tables in a thread of its own: it takes a tenth of a second of nothing but computing. */
const { folder, university, sample } = workerData as SampleOrder;

writeSample(folder, university, sample).then(
  (files) => parentPort?.postMessage({ files } satisfies SampleReply),
  (error: unknown) =>
    parentPort?.postMessage({ error: StarlingError.from(error).toRecord() } satisfies SampleReply),
);
