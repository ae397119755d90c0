import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kernel/clock/index.js';
import { openLocalState, type State } from '../../src/kernel/state/index.js';
import { type HostileParty, openHostileParty } from './hostile-party.js';

let folder: string;
let state: State;
let party: HostileParty;
let processes: readonly number[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-confined-'));
  // opened before the pool starts, so that its processes could inherit it
  state = await openLocalState({ folder, clock: systemClock });
  party = await openHostileParty();
  processes = party.pool.warmProcesses();
});
afterAll(async () => {
  await party.close();
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the descriptors of a process are open on. */
function openFiles(process: number | 'self'): string[] {
  return readdirSync(`/proc/${process}/fd`).flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/${process}/fd/${descriptor}`)];
    } catch {
      // the listing's own descriptor is closed by now
      return [];
    }
  });
}

describe.skipIf(!existsSync('/proc/self/fd'))('a process of a pool', () => {
  it('has no network of the machine', async (context) => {
    if (!party.support.noNetwork)
      context.skip('this machine does not permit unshare, so runs keep its network');
    const network = (process: number | 'self') => readlinkSync(`/proc/${process}/ns/net`);
    expect(processes).toHaveLength(2);
    for (const pid of processes) expect(network(pid)).not.toBe(network('self'));
  });

  it('has none of the files that its parent has open, and no environment', async () => {
    expect(openFiles('self').filter((file) => file.endsWith('.mdb'))).not.toEqual([]);
    for (const pid of processes) {
      const files = openFiles(pid).filter((file) => file.startsWith('/') && !file.startsWith('/dev/'));
      expect(new Set(files)).toEqual(new Set([party.database]));
      const names = readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .map((entry) => entry.split('=')[0]);
      expect(
        names.filter((name) => name !== '' && name !== 'PATH' && !name?.startsWith('NODE_CHANNEL')),
      ).toEqual([]);
    }
  });

  it('may write no file and use no more memory than its cap', async (context) => {
    if (!party.support.limits) context.skip('this machine has no prlimit, so runs are only watched');
    const [pid = 0] = processes;
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
    expect(limits).toMatch(/^Max file size +0 +0 /m);
    expect(limits).toMatch(/^Max core file size +0 +0 /m);
    expect(limits).toMatch(/^Max data size +756000000 +756000000 /m);
    expect(limits).toMatch(/^Max cpu time +80 +80 /m);
  });
});
