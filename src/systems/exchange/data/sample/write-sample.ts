import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../../../kernel/durable-file/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { type SampleOptions, samplePersonYears } from './generate-sample.js';
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
  const people = new CsvText(personHeader);
  const appointments = new CsvText(appointmentHeader);
  for (const year of samplePersonYears({ ...options, university })) {
    people.add(personRecord(year.person));
    for (const row of year.appointments) appointments.add(appointmentRecord(row));
  }
  const files = {
    people: join(folder, `Personen_${university}.csv`),
    appointments: join(folder, `Aanstellingen_${university}.csv`),
  };
  try {
    await mkdir(folder, { recursive: true });
    await Promise.all([
      replaceFile(files.people, people.bytes()),
      replaceFile(files.appointments, appointments.bytes()),
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

/** So much text is gathered before it becomes bytes: what is gathered for long is copied again and again. */
const gathered = 16_384;

/** A CSV file as it grows. */
class CsvText {
  readonly #parts: Buffer[] = [];
  #text: string;

  constructor(header: string) {
    this.#text = `${header}\n`;
  }

  add(record: string): void {
    this.#text += `${record}\n`;
    if (this.#text.length >= gathered) this.#pack();
  }

  bytes(): Buffer {
    this.#pack();
    return Buffer.concat(this.#parts);
  }

  #pack(): void {
    this.#parts.push(Buffer.from(this.#text, 'latin1'));
    this.#text = '';
  }
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
