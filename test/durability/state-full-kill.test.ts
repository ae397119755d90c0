import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLocalState } from '../../src/kernel/state/index.js';
import { nextLine, type Program, start } from './child.js';
import { fillDisk, whyNoSmallDisk, withSmallDisk } from './small-disk.js';

const problem = await whyNoSmallDisk('a state whose process is killed');

/** Has the program write so many times; gives how often it was refused, and notes what it acknowledged. */
async function write(program: Program, count: number, acknowledged: Set<string>): Promise<number> {
  program.process.stdin.write(`${count}\n`);
  let refused = 0;
  for (let heard = 0; heard < count; heard += 1) {
    const [kind, what = ''] = (await nextLine(program)).split(' ');
    if (kind === 'ack') acknowledged.add(what);
    else refused += 1;
    if (kind !== 'ack') expect(what).toBe('storage-full');
  }
  return refused;
}

describe.skipIf(problem !== undefined)(
  'a process with the local state on a disk that fills again and again',
  () => {
    it('refuses writes and goes on, also after kill -9, and nothing acknowledged is lost', async () => {
      await withSmallDisk(async (disk) => {
        const ballast = join(disk, 'ballast');
        const folder = join(disk, 'state');
        const acknowledged = new Set<string>();
        for (const life of ['first', 'second', 'third']) {
          const program = start('full-program.mjs', [folder, life]);
          for (let round = 0; round < 3; round += 1) {
            expect(await write(program, 60, acknowledged)).toBe(0);
            await fillDisk(ballast);
            expect(await write(program, 240, acknowledged)).toBeGreaterThan(0);
            await rm(ballast);
          }
          program.process.stdin.write('300\n');
          await nextLine(program);
          program.process.kill('SIGKILL');
          for await (const line of program.lines) acknowledged.add(line.replace('ack ', ''));
          expect(await program.ended).toBe('SIGKILL');
        }
        const state = await openLocalState({ folder });
        expect(acknowledged.size).toBeGreaterThan(3 * 3 * 60);
        for (const key of acknowledged) expect((await state.get(key))?.value).toMatchObject({ key });
        await state.close();
      }, 32);
    });
  },
);
