import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/kernel/clock/index.js';
import { openLocalQueues } from '../../src/kernel/queue/index.js';
import { nextLine, start, withFolder } from './child.js';

const rounds = 10;
const leaseMs = 60_000;

/** What a program said it had acknowledged before it was killed. */
class Said {
  readonly published = new Set<string>();
  readonly taken = new Set<string>();
  readonly done = new Set<string>();
  readonly takenAfterDone: string[] = [];

  hear(line: string): void {
    const [, what, id = ''] = /^(published|taken|done) (\S+\/\d+\/\d+)$/.exec(line) ?? [];
    if (what === 'published') this.published.add(id);
    if (what === 'done') this.done.add(id);
    if (what !== 'taken') return;
    this.taken.add(id);
    if (this.done.has(id)) this.takenAfterDone.push(id);
  }
}

async function workUntilKilled(folder: string, name: string, count: number, said: Said): Promise<void> {
  const program = start('queue-program.mjs', [folder, name]);
  expect(await nextLine(program)).toBe('open');
  const before = said.done.size;
  for await (const line of program.lines) {
    // the kill may cut the last line: an id that lacks a digit is of a message that was published before
    said.hear(line);
    if (said.done.size >= before + count) program.process.kill('SIGKILL');
  }
  expect(await program.ended).toBe('SIGKILL');
}

describe('a queue whose process is killed', () => {
  it('loses nothing it acknowledged, and delivers nothing that was done', { timeout: 120_000 }, async () => {
    await withFolder(async (folder) => {
      const said = new Said();
      for (let round = 0; round < rounds; round += 1)
        await workUntilKilled(folder, `r${round}`, randomInt(1, 200), said);
      expect(said.takenAfterDone).toEqual([]);

      const clock = new ManualClock(Date.now());
      const queues = await openLocalQueues({ folder, clock });
      const queue = await queues.open('work', { maxDeliveries: 1000 });
      // leases of the killed have their full time after a restart
      clock.advance(leaseMs);
      const left = new Set<string>();
      for (;;) {
        const deliveries = await queue.take({ max: 1000, leaseMs });
        if (deliveries.length === 0) break;
        for (const { body } of deliveries) left.add(Buffer.from(body).toString());
      }
      const lost = [...said.published].filter((id) => !said.done.has(id) && !left.has(id));
      // only an end that is on disk may be missing from both, where the kill cut off its acknowledgement
      expect(lost.filter((id) => !said.taken.has(id))).toEqual([]);
      expect(lost.length).toBeLessThanOrEqual(8 * rounds);
      expect([...said.done].filter((id) => left.has(id))).toEqual([]);
      expect(said.done.size).toBeGreaterThanOrEqual(rounds);
      await queues.close();
    });
  });
});
