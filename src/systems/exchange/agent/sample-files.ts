import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { childProgram } from '../../../kernel/child-program/index.js';
import { type ErrorRecord, StarlingError } from '../../../kernel/errors/index.js';
import type { SampleFiles, SampleOptions } from '../data/index.js';

/** What the thread is told. */
export interface SampleOrder {
  readonly folder: string;
  readonly university: string;
  readonly sample: Omit<SampleOptions, 'university'>;
}

/** What the thread answers. */
export type SampleReply = { readonly files: SampleFiles } | { readonly error: ErrorRecord };

/**
 * The sample tables of a university; written when they are asked for the first time, since equal seeds give equal rows.
 * Throws as `writeSample`.
 */
export async function sampleFiles(
  folder: string,
  university: string,
  sample: Omit<SampleOptions, 'university'>,
): Promise<SampleFiles> {
  const { seed, people = '', appointments = '' } = sample;
  const own = join(folder, [seed, people, appointments].join('-').replace(/-+$/, ''));
  const files = {
    people: join(own, `Personen_${university}.csv`),
    appointments: join(own, `Aanstellingen_${university}.csv`),
  };
  // each file is renamed into place whole, so that one that is there is complete
  if (existsSync(files.people) && existsSync(files.appointments)) return files;
  return writeInThread({ folder: own, university, sample });
}

function writeInThread(workerData: SampleOrder): Promise<SampleFiles> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(childProgram('systems/exchange/agent/sample-worker.js'), { workerData });
    worker.once('message', (reply: SampleReply) => {
      if ('files' in reply) resolve(reply.files);
      else reject(StarlingError.fromRecord(reply.error));
    });
    worker.once('error', reject);
    worker.once('exit', (status) => {
      reject(
        new StarlingError(
          'internal',
          `The thread that writes samples ended with status ${status} before it answered.`,
        ),
      );
    });
  });
}
