import { functions, nationalities, rareNationalities, sectors, workingTimes } from './distributions.js';
import type { Random } from './random.js';
import type { AppointmentRow, PersonRow } from './rows.js';
import type { University } from './university.js';

/** What stays the same of a person from year to year. */
export interface Person {
  readonly unieknr: number;
  readonly geslacht: 'M' | 'V';
  readonly birthYear: number;
  readonly nationaliteit: string;
  readonly sector: string;
  /** How far the person's scale lies from the mean of the person's age. */
  readonly scaleOffset: number;
  readonly permanent: boolean;
  readonly begun: number;
}

/** The rare nationalities go to the first persons of all, one to four each. */
const personsWithRareNationality = rareNationalities.flatMap((code, at) =>
  Array<string>(1 + (at % 4)).fill(code),
);

/** A person with the number `unieknr`; `index` counts persons from 0. */
export function drawPerson(university: University, unieknr: number, index: number, random: Random): Person {
  const geslacht = random.chance(university.shareOfWomen) ? 'V' : 'M';
  // A third are in their twenties, as doctoral candidates are; the others of any working age.
  const young = random.chance(0.35);
  const birthYear = young ? random.between(1988, 1995) : random.between(1953, 1991);
  return {
    unieknr,
    geslacht,
    birthYear,
    nationaliteit: personsWithRareNationality[index] ?? nationalities(random.fraction()),
    sector: sectors(random.fraction()),
    scaleOffset: 1.7 * random.normal(),
    permanent: !young && random.chance(0.75),
    begun: Math.min(2017, random.between(birthYear + 23, 2017)),
  };
}

/** The person on one day of count. */
export function personRow(
  university: University,
  person: Person,
  peildat: string,
  random: Random,
): PersonRow {
  const { unieknr, geslacht, birthYear, nationaliteit, permanent } = person;
  const bko = permanent ? random.chance(0.4) : random.chance(0.08);
  return {
    instcode: university.instcode,
    unieknr,
    geslacht,
    gebdat: `${birthYear}0101`,
    nationaliteit,
    bko: bko ? 1 : 0,
    sko: bko && random.chance(0.08) ? 1 : 0,
    peildat,
  };
}

/** The person's appointment number `volgnrar` on one day of count. A later one is a small one beside the first. */
export function appointmentRow(
  university: University,
  person: Person,
  peildat: string,
  volgnrar: number,
  random: Random,
): AppointmentRow {
  const { unieknr, permanent, begun, sector } = person;
  const salschal = scaleOf(university, person, Number(peildat.slice(0, 4)));
  const codes = functions.find(({ upTo }) => salschal <= upTo)?.codes ?? [];
  return {
    instcode: university.instcode,
    unieknr,
    volgnrar,
    aadnstvb: permanent ? 'V' : 'T',
    ingdatdv: `${begun}0101`,
    eindatdv: permanent || random.chance(0.9) ? '99990101' : '20210101',
    hoopgeb: sector,
    functcat: codes[random.between(0, codes.length - 1)] ?? '',
    welGeenHGL: salschal > 14 && random.chance(0.8) ? 1 : 0,
    salschal,
    taakomv: volgnrar === 1 ? workingTimes(random.fraction()) : 1_000 * random.between(1, 4),
    aanst22: permanent ? 'V' : random.chance(0.7) ? 'T' : random.chance(0.6) ? 'K' : 'L',
    peildat,
  };
}

/** Rises by one scale in eleven years around the university's mean at the age of 40; 5 to 18. */
function scaleOf(university: University, person: Person, year: number): number {
  const mean = university.meanScale[person.geslacht];
  const scale = Math.round(mean + (year - person.birthYear - 40) / 11 + person.scaleOffset);
  return Math.max(5, Math.min(18, scale));
}
