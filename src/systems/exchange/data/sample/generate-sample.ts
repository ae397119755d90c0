import { StarlingError } from '../../../../kernel/errors/index.js';
import { countDays, yearsEmployed } from './distributions.js';
import { appointmentRow, drawPerson, personRow } from './person.js';
import { type Random, seededRandom } from './random.js';
import type { AppointmentRow, PersonYear, Sample } from './rows.js';
import { universityOf } from './university.js';

export interface SampleOptions {
  /** Short name, such as `VU`, `UVA` or `RUG`. */
  readonly university: string;
  /** Equal seeds give equal rows. */
  readonly seed: number | string;
  /** Person-year rows; 18,000 if not given. */
  readonly people?: number;
  /** Appointment rows, at least as many as `people`; 18,600 if not given. */
  readonly appointments?: number;
}

/**
 * Staff tables as a university might have them, in the columns of the wage-gap files; nobody in them exists.
 * About 10,000 persons for 18,000 rows. Salary scales rise with age and differ between men and women by university.
 * Throws `input-invalid` for fewer appointments than people.
 */
export function generateSample(options: SampleOptions): Sample {
  const years = [...samplePersonYears(options)];
  return {
    people: years.map(({ person }) => person),
    appointments: years.flatMap(({ appointments }) => appointments),
  };
}

/** The rows of `generateSample` as they are made up, for who keeps none of them. Throws as that. */
export function samplePersonYears(options: SampleOptions): Iterable<PersonYear> {
  const { university, seed, people = 18_000, appointments = 18_600 } = options;
  if (!Number.isSafeInteger(people) || people < 0 || !(appointments >= people)) {
    throw new StarlingError(
      'input-invalid',
      `A sample of ${people} people cannot have ${appointments} appointments. Ask for at least one for each.`,
    );
  }
  return drawPersonYears({ university, seed, people, appointments });
}

function* drawPersonYears(options: Required<SampleOptions>): Generator<PersonYear> {
  const { university: name, seed } = options;
  let { people: peopleLeft, appointments: appointmentsLeft } = options;
  const university = universityOf(name);
  const random = seededRandom(`${name}/${seed}`);
  let number = university.firstNumber;
  for (let index = 0; peopleLeft > 0; index++) {
    // Uneven steps; there is room for a million persons below the next university.
    number += random.between(1, 9);
    const person = drawPerson(university, number, index, random);
    const years = yearsEmployed(random.fraction());
    const first = random.between(0, countDays.length - years);
    for (const peildat of countDays.slice(first, first + Math.min(years, peopleLeft))) {
      const count = appointmentsOfRow(appointmentsLeft, peopleLeft, random);
      const row = personRow(university, person, peildat, random);
      const appointments: AppointmentRow[] = [];
      for (let volgnrar = 1; volgnrar <= count; volgnrar++) {
        appointments.push(appointmentRow(university, person, peildat, volgnrar, random));
      }
      peopleLeft -= 1;
      appointmentsLeft -= count;
      yield { person: row, appointments };
    }
  }
}

/**
 * How many of the appointments left go to the next of the rows left. Selection sampling (Knuth, TAOCP 2, 3.4.2,
 * algorithm S): every row is as likely as another to get one more, and all are given out at the end.
 */
function appointmentsOfRow(appointmentsLeft: number, rowsLeft: number, random: Random): number {
  const each = Math.floor(appointmentsLeft / rowsLeft);
  return random.chance(appointmentsLeft / rowsLeft - each) ? each + 1 : each;
}
