import { describe, expect, it } from 'vitest';
import { openLocalState } from '../../src/kernel/state/index.js';
import { nextLine, type Program, start, withFolder } from './child.js';

function hold(folder: string): Program {
  return start('holder-program.mjs', [folder]);
}

async function release(program: Program): Promise<void> {
  program.process.stdin.end();
  expect(await program.ended).toBe('0');
}

describe('a state folder', () => {
  it('is refused to a second process, with the pid of the first, until that closes', async () => {
    await withFolder(async (folder) => {
      const first = hold(folder);
      expect(await nextLine(first)).toBe('open');
      const second = hold(folder);
      const refusal = await nextLine(second);
      expect(refusal).toMatch(/^folder-in-use: /);
      expect(refusal).toContain(folder);
      expect(refusal).toContain(`pid ${first.process.pid})`);
      expect(await second.ended).toBe('0');
      await expect(openLocalState({ folder })).rejects.toMatchObject({
        code: 'folder-in-use',
        details: { pid: first.process.pid },
      });
      await release(first);
      const state = await openLocalState({ folder });
      await state.close();
    });
  });

  it('is free at once when its process was killed', async () => {
    await withFolder(async (folder) => {
      for (let round = 0; round < 3; round += 1) {
        const program = hold(folder);
        expect(await nextLine(program)).toBe('open');
        program.process.kill('SIGKILL');
        expect(await program.ended).toBe('SIGKILL');
      }
      const state = await openLocalState({ folder });
      expect(await state.put('a', 1)).toBe(1);
      await state.close();
    });
  });

  it('goes to exactly one of many that start at once on what a killed process left', {
    timeout: 120_000,
  }, async () => {
    await withFolder(async (folder) => {
      for (let round = 0; round < 4; round += 1) {
        const killed = hold(folder);
        expect(await nextLine(killed)).toBe('open');
        killed.process.kill('SIGKILL');
        await killed.ended;
        const programs = Array.from({ length: 6 }, () => hold(folder));
        const answers = await Promise.all(programs.map(nextLine));
        const winners = programs.filter((_, index) => answers[index] === 'open');
        expect(winners).toHaveLength(1);
        const refused = answers.filter((answer) => answer.startsWith('folder-in-use: '));
        expect(refused).toHaveLength(5);
        await Promise.all(programs.map(release));
      }
    });
  });
});
