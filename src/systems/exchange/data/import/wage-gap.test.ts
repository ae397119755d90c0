import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImportWorkplace } from './import-workplace.js';

let place: ImportWorkplace;

beforeEach(() => {
  place = new ImportWorkplace();
});

afterEach(() => place.close());

const wageGap = resolve(import.meta.dirname, '../../../../../../shared/data/wage-gap');
const absent = !existsSync(wageGap);
if (absent) console.log(`Skipped: the wage-gap files are not at ${wageGap}.`);

describe.skipIf(absent)('the wage-gap files', () => {
  it.each([
    ['UVA', 'AAA', 18_026, 18_639, ['8116', 12.252957121734845], ['10523', 10.50498907155754]],
    ['VU', 'DDD', 16_217, 16_626, ['8007', 10.856375671287623], ['8618', 9.657461127871896]],
  ])(
    '%s gives the reference answers, without a corrupt cell',
    async (university, code, people, appointments, men, women) => {
      const { tables, file } = await place.imported({
        people: { file: join(wageGap, `Personen_${university}.csv`) },
        appointments: { file: join(wageGap, `Aanstellingen_${university}.csv`) },
      });
      expect(tables.people).toMatchObject({ rows: people, rejected: 0 });
      expect(tables.appointments).toMatchObject({ rows: appointments, rejected: 0 });
      const type = (name: string) => tables.people?.columns.find((column) => column.name === name)?.type;
      expect(type('Nationaliteit')).toBe('VARCHAR');
      expect(type('Unieknr')).toBe('BIGINT');
      for (const table of ['people', 'appointments']) {
        expect(await place.ask(file, `SELECT DISTINCT Instcode FROM ${table}`)).toEqual([[code]]);
      }
      const answer = await place.ask(
        file,
        `SELECT Geslacht, count(*), avg(Salschal) FROM people p JOIN appointments s
       ON p.Unieknr = s.Unieknr AND p.Peildat = s.Peildat GROUP BY 1 ORDER BY 1`,
      );
      for (const [at, [rows, mean]] of [men, women].entries()) {
        expect(answer[at]?.[1]).toBe(rows);
        expect(Number(answer[at]?.[2]).toPrecision(12)).toBe(Number(mean).toPrecision(12));
      }
    },
  );
});
