import { createHash, randomInt } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { openLocalBlobs } from '../../src/kernel/blobs/index.js';
import { nextLine, start, withFolder } from './child.js';

const rounds = 8;

/** What a program said of its blobs before it was killed: owner → hash. */
class Said {
  readonly written = new Map<string, string>();
  readonly releasing = new Set<string>();
  readonly released = new Set<string>();

  hear(line: string): void {
    // the kill may cut the last line: one without its whole hash says nothing
    const [, what, owner = '', hash = ''] = /^(\w+) (\S+\.) ([0-9a-f]{64})$/.exec(line) ?? [];
    if (what === 'written') this.written.set(owner, hash);
    if (what === 'releasing') this.releasing.add(owner);
    if (what === 'released') this.released.add(owner);
  }
}

async function writeUntilKilled(folder: string, name: string, count: number, said: Said): Promise<void> {
  const program = start('blobs-program.mjs', [folder, name]);
  expect(await nextLine(program)).toBe('open');
  const before = said.written.size;
  for await (const line of program.lines) {
    said.hear(line);
    if (said.written.size >= before + count) program.process.kill('SIGKILL');
  }
  expect(await program.ended).toBe('SIGKILL');
}

describe('blobs whose process is killed', () => {
  it('are all there and whole that were acknowledged, and a sweep leaves no others', {
    timeout: 120_000,
  }, async () => {
    await withFolder(async (folder) => {
      const said = new Said();
      for (let round = 0; round < rounds; round += 1)
        await writeUntilKilled(folder, `r${round}`, randomInt(1, 60), said);
      expect(said.written.size).toBeGreaterThanOrEqual(rounds);

      const blobs = await openLocalBlobs({ folder });
      expect(await readdir(join(folder, 'incoming'))).toEqual([]);
      const held = [...said.written].filter(([owner]) => !said.releasing.has(owner));
      for (const [owner, hash] of held) {
        expect(await blobs.owners(hash)).toEqual([owner]);
        const bytes = await buffer(await blobs.read(hash));
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash);
      }
      for (const owner of said.released)
        expect(await blobs.owners(said.written.get(owner) ?? '')).toEqual([]);

      await blobs.sweep((owner) => said.written.has(owner) && !said.releasing.has(owner));
      const names = await readdir(join(folder, 'files'), { recursive: true });
      const files = names.map((name) => name.split('/')[1]).filter((name) => name !== undefined);
      expect(files.sort()).toEqual(held.map(([, hash]) => hash).sort());
      await blobs.close();
    });
  });
});
