import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleFiles } from './sample-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-sample-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const small = { seed: 1, people: 20, appointments: 30 };

/** Lines of a file after its header. */
const records = (file: string) => readFileSync(file, 'latin1').trimEnd().split('\n').slice(1);

describe('sample files', () => {
  it('hold as many people and appointments as were asked for', async () => {
    const { people, appointments } = await sampleFiles(folder, 'VU', small);
    expect([people, appointments].map((file) => basename(file))).toEqual([
      'Personen_VU.csv',
      'Aanstellingen_VU.csv',
    ]);
    expect([records(people).length, records(appointments).length]).toEqual([20, 30]);
  });

  it('are written once: the second time they are as they were', async () => {
    const first = await sampleFiles(folder, 'VU', small);
    const before = statSync(first.people, { bigint: true });
    expect(await sampleFiles(folder, 'VU', small)).toEqual(first);
    const after = statSync(first.people, { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
  });

  it('are written again, the same, where one is missing', async () => {
    const first = await sampleFiles(folder, 'VU', small);
    const before = readFileSync(first.appointments, 'utf8');
    rmSync(first.appointments);
    expect(await sampleFiles(folder, 'VU', small)).toEqual(first);
    expect(readFileSync(first.appointments, 'utf8')).toBe(before);
  });

  it('of another size, seed or university are other files', async () => {
    const asked = [
      ['VU', small],
      ['VU', { ...small, seed: 2 }],
      ['VU', { ...small, people: 21 }],
      ['VU', { seed: 1, appointments: 20_000 }],
      ['VU', { seed: 1, people: 20 }],
      ['UVA', small],
    ] as const;
    const files = [];
    for (const [university, sample] of asked)
      files.push((await sampleFiles(folder, university, sample)).people);
    expect(new Set(files).size).toBe(asked.length);
  });
});
