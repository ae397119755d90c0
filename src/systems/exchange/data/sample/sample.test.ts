import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateSample } from './generate-sample.js';
import { seededRandom } from './random.js';
import type { AppointmentRow, PersonRow } from './rows.js';
import { writeSample } from './write-sample.js';

const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const key = ({ unieknr, peildat }: PersonRow | AppointmentRow) => `${unieknr}/${peildat}`;

/** Mean salary scale of the appointments of men or women. */
function meanScale(sample: ReturnType<typeof generateSample>, geslacht: 'M' | 'V'): number {
  const numbers = new Set(
    sample.people.filter((row) => row.geslacht === geslacht).map(({ unieknr }) => unieknr),
  );
  return mean(
    sample.appointments.filter(({ unieknr }) => numbers.has(unieknr)).map(({ salschal }) => salschal),
  );
}

describe.each(['UVA', 'VU', 'RUG', 'Elsewhere'])('the sample of %s', (university) => {
  const sample = generateSample({ university, seed: 1 });
  const { people, appointments } = sample;

  it('has the rows that are asked for, of about 10,000 persons over four days of count', () => {
    expect(people).toHaveLength(18_000);
    expect(appointments).toHaveLength(18_600);
    const persons = new Set(people.map(({ unieknr }) => unieknr)).size;
    expect(persons).toBeGreaterThan(9_000);
    expect(persons).toBeLessThan(10_500);
    expect([...new Set(people.map(({ peildat }) => peildat))].sort()).toEqual([
      '20171231',
      '20181231',
      '20191231',
      '20201231',
    ]);
  });

  it('keeps keys unique, and a person for every appointment', () => {
    const keys = new Set(people.map(key));
    expect(keys.size).toBe(people.length);
    expect(new Set(appointments.map((row) => `${key(row)}/${row.volgnrar}`)).size).toBe(appointments.length);
    expect(appointments.filter((row) => !keys.has(key(row)))).toEqual([]);
    expect(appointments.filter(({ volgnrar }) => volgnrar === 2)).toHaveLength(600);
  });

  it('says the same of a person every year', () => {
    const facts = people.map(({ unieknr, geslacht, gebdat, nationaliteit }) => [
      unieknr,
      geslacht,
      gebdat,
      nationaliteit,
    ]);
    const persons = new Set(people.map(({ unieknr }) => unieknr)).size;
    expect(new Set(facts.map((fact) => fact.join())).size).toBe(persons);
  });

  it('has values as the real files have them', () => {
    const letters = new Set([...people, ...appointments].map(({ instcode }) => instcode));
    expect([...letters].join()).toMatch(/^([A-Z])\1\1$/);
    expect(people.every(({ gebdat }) => /^19[5-9]\d0101$/.test(gebdat))).toBe(true);
    expect(people.every(({ nationaliteit }) => /^\d{4}$/.test(nationaliteit))).toBe(true);
    expect(people.every(({ bko, sko }) => sko <= bko)).toBe(true);
    expect(appointments.every(({ salschal }) => salschal >= 5 && salschal <= 18)).toBe(true);
    expect(
      appointments.every(({ ingdatdv, eindatdv, peildat }) => ingdatdv <= peildat && eindatdv > peildat),
    ).toBe(true);
    expect(appointments.every(({ functcat }) => /^\d{5,6}$/.test(functcat))).toBe(true);
    expect(new Set(appointments.map(({ hoopgeb }) => hoopgeb)).size).toBe(6);
  });

  it('has about as many women as men, and scales that rise with age', () => {
    const women = people.filter(({ geslacht }) => geslacht === 'V').length / people.length;
    expect(women).toBeGreaterThan(0.43);
    expect(women).toBeLessThan(0.57);
    const born = new Map(people.map(({ unieknr, gebdat }) => [unieknr, Number(gebdat.slice(0, 4))]));
    const scales = (from: number, to: number) =>
      mean(
        appointments
          .filter(({ unieknr }) => (born.get(unieknr) ?? 0) >= from && (born.get(unieknr) ?? 0) < to)
          .map(({ salschal }) => salschal),
      );
    expect(scales(1953, 1966)).toBeGreaterThan(scales(1966, 1979) + 0.7);
    expect(scales(1966, 1979)).toBeGreaterThan(scales(1979, 1996) + 0.7);
  });

  it('pays men more than women by half a scale to two', () => {
    const gap = meanScale(sample, 'M') - meanScale(sample, 'V');
    expect(gap).toBeGreaterThan(0.4);
    expect(gap).toBeLessThan(2);
  });

  it('has nationalities that fewer than five persons have', () => {
    const persons = new Map<string, Set<number>>();
    for (const { nationaliteit, unieknr } of people) {
      persons.set(nationaliteit, (persons.get(nationaliteit) ?? new Set()).add(unieknr));
    }
    const sizes = [...persons.values()].map(({ size }) => size);
    expect(sizes.filter((size) => size < 5)).toHaveLength(24);
    expect(Math.max(...sizes)).toBeGreaterThan(6_000);
  });
});

describe('samples', () => {
  it('of different universities share no person and differ in their means', () => {
    const samples = ['UVA', 'VU', 'RUG'].map((university) => generateSample({ university, seed: 1 }));
    const numbers = samples.map(({ people }) => new Set(people.map(({ unieknr }) => unieknr)));
    expect(new Set(numbers.flatMap((set) => [...set])).size).toBe(
      numbers.reduce((sum, { size }) => sum + size, 0),
    );
    const [uva, vu, rug] = samples.map((sample) => meanScale(sample, 'V'));
    expect(Number(uva)).toBeGreaterThan(Number(vu) + 0.3);
    expect(Number(vu)).toBeGreaterThan(Number(rug) + 0.1);
  });

  it('have exactly the rows asked for', () => {
    const sizes = fc
      .nat(300)
      .chain((people) => fc.tuple(fc.constant(people), fc.integer({ min: people, max: 3 * people })));
    fc.assert(
      fc.property(sizes, fc.nat(), ([people, appointments], seed) => {
        const sample = generateSample({ university: 'VU', seed, people, appointments });
        expect(sample.people).toHaveLength(people);
        expect(sample.appointments).toHaveLength(appointments);
      }),
    );
    expect(() => generateSample({ university: 'VU', seed: 1, people: 2, appointments: 1 })).toThrow(
      /at least one for each/,
    );
  });
});

describe('seededRandom', () => {
  it('gives these numbers, on every machine', () => {
    const random = seededRandom('starling');
    expect([
      random.between(0, 999_999),
      random.between(0, 999_999),
      random.between(0, 999_999),
    ]).toMatchInlineSnapshot(`
      [
        25896,
        128771,
        158637,
      ]
    `);
  });

  it('is evenly spread', () => {
    const random = seededRandom('spread');
    const draws = Array.from({ length: 100_000 }, () => random.fraction());
    expect(mean(draws)).toBeCloseTo(0.5, 2);
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
    expect(mean(draws.map((draw) => (draw - 0.5) ** 2))).toBeCloseTo(1 / 12, 3);
  });
});

describe('writeSample', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'starling-sample-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('writes equal bytes for equal seeds, other bytes for others, and nothing else', async () => {
    const [one, two, other] = [join(folder, 'one'), join(folder, 'two'), join(folder, 'other')];
    const files = await writeSample(one, 'VU', { seed: 7 });
    expect(files).toEqual({
      people: join(one, 'Personen_VU.csv'),
      appointments: join(one, 'Aanstellingen_VU.csv'),
    });
    const read = (from: string) =>
      readdirSync(from).map((name) => [name, readFileSync(join(from, name), 'latin1')]);
    await writeSample(two, 'VU', { seed: 7 });
    await writeSample(other, 'VU', { seed: 8 });
    expect(read(one)).toEqual(read(two));
    expect(read(one)).not.toEqual(read(other));
    expect(readdirSync(one).sort()).toEqual(['Aanstellingen_VU.csv', 'Personen_VU.csv']);
  });

  it('writes the columns of the real files, one record a row', async () => {
    const { people, appointments } = await writeSample(folder, 'RUG', {
      seed: 1,
      people: 10,
      appointments: 12,
    });
    const [header, first, ...more] = readFileSync(people, 'latin1').split('\n');
    expect(header).toBe('Instcode;Unieknr;Geslacht;Gebdat;Nationaliteit;BKO;SKO;Peildat');
    expect(first).toMatch(/^GGG;300000\d\d;[MV];19\d\d0101;0400;[01];[01];20\d\d1231$/);
    expect(more).toHaveLength(10);
    const [columns, appointment] = readFileSync(appointments, 'latin1').split('\n');
    expect(columns).toBe(
      'Instcode;Unieknr;Volgnrar;Aadnstvb;Ingdatdv;Eindatdv;HOOPgeb;Functcat;WelGeenHGL;Salschal;Taakomv;Aanst_22;Peildat',
    );
    expect(appointment).toMatch(
      /^GGG;300000\d\d;1;[VT];\d{8};\d{8};[A-Z&]+;\d+;[01];\d+;\d+;[VTKL];20\d\d1231$/,
    );
  });

  it('refuses a name that is no name of a file', async () => {
    await expect(writeSample(folder, '../VU', { seed: 1 })).rejects.toMatchObject({ code: 'input-invalid' });
  });
});
