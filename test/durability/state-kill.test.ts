import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openLocalState, type State } from '../../src/kernel/state/index.js';
import { nextLine, start, withFolder } from './child.js';

const rounds = 20;

/** Lets a writer run until it has acknowledged `count` writes, kills it, and gives all it acknowledged: key → revision. */
async function writeUntilKilled(folder: string, name: string, count: number): Promise<Map<string, number>> {
  const writer = start('writer-program.mjs', [folder, name, '16']);
  expect(await nextLine(writer)).toBe('open');
  const acknowledged = new Map<string, number>();
  for await (const line of writer.lines) {
    const [, revision = '', key = ''] = /^ack (\d+) (\S+)$/.exec(line) ?? [];
    // The last line may be cut by the kill; what is not wholly said is not acknowledged.
    if (key !== '') acknowledged.set(key, Number(revision));
    if (acknowledged.size === count) writer.process.kill('SIGKILL');
  }
  expect(await writer.ended).toBe('SIGKILL');
  return acknowledged;
}

async function readAll(state: State): Promise<Map<string, number>> {
  const revisions = new Map<string, number>();
  let after: string | undefined;
  do {
    const page = await state.list('', after === undefined ? {} : { after });
    for (const { key, value, modRevision } of page.entries) {
      expect(value).toMatchObject({ index: Number(key.split('/')[2]) });
      revisions.set(key, modRevision);
    }
    after = page.next;
  } while (after !== undefined);
  return revisions;
}

describe('a state store whose process is killed', () => {
  it('has every acknowledged write, each round anew', { timeout: 240_000 }, async () => {
    await withFolder(async (folder) => {
      const acknowledged = new Map<string, number>();
      for (let round = 0; round < rounds; round += 1) {
        const count = randomInt(1, 400);
        for (const [key, revision] of await writeUntilKilled(folder, `${round}`, count)) {
          acknowledged.set(key, revision);
        }
        const state = await openLocalState({ folder });
        const stored = await readAll(state);
        const lost = [...acknowledged].filter(([key, revision]) => stored.get(key) !== revision);
        expect(lost, `lost in round ${round}, killed after ${count} acknowledgements`).toEqual([]);
        const { revision } = await state.status();
        const keys = [...stored].filter(([key]) => !key.endsWith('/twin'));
        const dense = Array.from({ length: revision }, (_, index) => index + 1);
        expect(keys.map(([, modRevision]) => modRevision).sort((a, b) => a - b)).toEqual(dense);
        const torn = keys.filter(([key, modRevision]) => stored.get(`${key}/twin`) !== modRevision);
        expect(torn, `written without the twin in round ${round}`).toEqual([]);
        expect(stored.size).toBe(2 * revision);
        await state.close();
      }
      expect(acknowledged.size).toBeGreaterThan(rounds);
    });
  });

  it('has its whole history, so that watches resume over the kill', { timeout: 60_000 }, async () => {
    await withFolder(async (folder) => {
      await writeUntilKilled(folder, 'k', 100);
      const state = await openLocalState({ folder });
      const { revision } = await state.status();
      let expected = 1;
      for await (const batch of state.watch('', { fromRevision: 1 })) {
        expect(batch.revision).toBe(expected);
        if (expected === revision) break;
        expected += 1;
      }
      await state.close();
    });
  });
});
