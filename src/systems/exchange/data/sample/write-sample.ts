import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../../../kernel/durable-file/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { generateSample, type SampleOptions } from './generate-sample.js';
import type { AppointmentRow, PersonRow } from './rows.js';

const personHeader = 'Instcode;Unieknr;Geslacht;Gebdat;Nationaliteit;BKO;SKO;Peildat';
const appointmentHeader =
  'Instcode;Unieknr;Volgnrar;Aadnstvb;Ingdatdv;Eindatdv;HOOPgeb;Functcat;WelGeenHGL;Salschal;Taakomv;Aanst_22;Peildat';

/** The two files of a university's sample, absolute or as `folder` is. */
export interface SampleFiles {
  readonly people: string;
  readonly appointments: string;
}

/**
 * Writes `Personen_<U>.csv` and `Aanstellingen_<U>.csv` into `folder`, which is made if it is not there; `;`-separated
 * ASCII with LF. Each file is there whole or not at all. Throws `storage-full` or `storage-failed`.
 */
export async function writeSample(
  folder: string,
  university: string,
  options: Omit<SampleOptions, 'university'>,
): Promise<SampleFiles> {
  if (!/^[A-Za-z0-9]{1,20}$/.test(university)) {
    throw new StarlingError(
      'input-invalid',
      `${JSON.stringify(university)} cannot be the short name of a university. Use up to 20 letters and digits.`,
    );
  }
  const sample = generateSample({ ...options, university });
  const files = {
    people: join(folder, `Personen_${university}.csv`),
    appointments: join(folder, `Aanstellingen_${university}.csv`),
  };
  try {
    await mkdir(folder, { recursive: true });
    await Promise.all([
      replaceFile(files.people, csv(personHeader, sample.people.map(personRecord))),
      replaceFile(files.appointments, csv(appointmentHeader, sample.appointments.map(appointmentRecord))),
    ]);
  } catch (error) {
    throw StarlingError.from(
      error,
      'storage-failed',
      `The sample of ${university} could not be written to ${folder}`,
    );
  }
  return files;
}

function csv(header: string, records: readonly string[]): Buffer {
  return Buffer.from(`${header}\n${records.join('\n')}${records.length > 0 ? '\n' : ''}`, 'latin1');
}

function personRecord(row: PersonRow): string {
  return `${row.instcode};${row.unieknr};${row.geslacht};${row.gebdat};${row.nationaliteit};${row.bko};${row.sko};${row.peildat}`;
}

function appointmentRecord(row: AppointmentRow): string {
  return (
    `${row.instcode};${row.unieknr};${row.volgnrar};${row.aadnstvb};${row.ingdatdv};${row.eindatdv};${row.hoopgeb};` +
    `${row.functcat};${row.welGeenHGL};${row.salschal};${row.taakomv};${row.aanst22};${row.peildat}`
  );
}
