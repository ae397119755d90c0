import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const real = resolve(import.meta.dirname, '../../../shared/data/wage-gap');

/** Whether the real tables of the two universities are there. */
export const realTables = existsSync(real);

const personen = 'Instcode;Unieknr;Geslacht;Gebdat;Nationaliteit;BKO;SKO;Peildat';
const aanstellingen =
  'Instcode;Unieknr;Volgnrar;Aadnstvb;Ingdatdv;Eindatdv;HOOPgeb;Functcat;WelGeenHGL;Salschal;Taakomv;Aanst_22;Peildat';

/** Rows of one university: persons M, V, M, V, …, whose scale is `base` and one more for every second pair. */
function rows(instcode: string, count: number, base: number): { personen: string; aanstellingen: string } {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const lines = (head: string, of: (index: number) => string) =>
    `${[head, ...indexes.map(of)].join('\r\n')}\r\n`;
  return {
    personen: lines(
      personen,
      (index) =>
        `${instcode};${index + 1};${index % 2 === 0 ? 'M' : 'V'};19${60 + (index % 40)}0101;0001;0;0;20191231`,
    ),
    aanstellingen: lines(
      aanstellingen,
      (index) =>
        `${instcode};${index + 1};1;V;20100101;99990101;ECON;10920;0;${base + (Math.floor(index / 2) % 2)};8000;V;20191231`,
    ),
  };
}

/** A folder with the tables of VU and UVA, as `TABLE_PARTY.csv`: the real ones, else some of a few rows in `folder`. */
export function tablesFolder(folder: string): string {
  return realTables ? real : madeTables(folder);
}

/** Tables of a few rows in `folder`: 40 persons of VU on scales 10 and 11, 60 of UVA on scales 12 and 13. */
export function madeTables(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const [party, made] of [
    ['VU', rows('DDD', 40, 10)],
    ['UVA', rows('AAA', 60, 12)],
  ] as const) {
    writeFileSync(join(folder, `Personen_${party}.csv`), made.personen);
    writeFileSync(join(folder, `Aanstellingen_${party}.csv`), made.aanstellingen);
  }
  return folder;
}
