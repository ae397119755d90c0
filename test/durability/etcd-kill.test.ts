import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ChangeBatch, openEtcdState } from '../../src/kernel/state/index.js';
import { missingEtcd, startEtcd } from '../servers/etcd.js';
import { nextLine, start } from './child.js';

const missing = missingEtcd();
if (missing !== undefined) console.log(`Kills of and at etcd are not tested: ${missing}`);

const rounds = 4;

describe.skipIf(missing !== undefined)('a state on etcd', () => {
  it('has every acknowledged write once and whole, when its client or the server is killed', {
    timeout: 120_000,
  }, async () => {
    const server = await startEtcd();
    const { host } = new URL(server.url);
    const acknowledged = new Map<string, number>();
    try {
      for (let round = 0; round < rounds; round += 1) {
        const writer = start('writer-program.mjs', [`etcd://${host}`, String(round), '16']);
        expect(await nextLine(writer)).toBe('open');
        let left = randomInt(50, 200);
        for await (const line of writer.lines) {
          const [, revision = '', key = ''] = /^ack (\d+) (\S+)$/.exec(line) ?? [];
          if (key === '') continue;
          acknowledged.set(key, Number(revision));
          left -= 1;
          // In every other round the server goes first and comes back, and the client writes on.
          if (left === 25 && round % 2 === 1) {
            await server.kill();
            await server.restart();
          }
          if (left === 0) writer.process.kill('SIGKILL');
        }
        expect(await writer.ended).toBe('SIGKILL');
      }
      const written = await writtenOn(host);
      expect(written.filter(({ changes }) => changes.length !== 2)).toEqual([]);
      const revisions = new Map<string, number>();
      for (const { revision, changes } of written) {
        const [change] = changes;
        if (change?.type !== 'put') throw new Error('nothing was deleted');
        expect(revisions.has(change.entry.key), `${change.entry.key} was written twice`).toBe(false);
        revisions.set(change.entry.key, revision);
      }
      const lost = [...acknowledged].filter(([key, revision]) => revisions.get(key) !== revision);
      expect(lost).toEqual([]);
      expect(acknowledged.size).toBeGreaterThan(rounds * 50 - 1);
    } finally {
      await server.close();
    }
  });
});

/** All that was ever written. */
async function writtenOn(host: string): Promise<ChangeBatch[]> {
  const state = await openEtcdState({ endpoints: [host] });
  const end = await state.put('end', true);
  const batches: ChangeBatch[] = [];
  for await (const batch of state.watch('', { fromRevision: 1 })) {
    if (batch.revision === end) break;
    batches.push(batch);
  }
  await state.close();
  return batches;
}
