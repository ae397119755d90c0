import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type SampleFiles, type SampleOptions, writeSample } from '../data/index.js';

/** The sample tables of a university; written when they are asked for the first time, since equal seeds give equal rows. */
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
  return existsSync(files.people) && existsSync(files.appointments)
    ? files
    : writeSample(own, university, sample);
}
