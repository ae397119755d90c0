import { spawnSync } from 'node:child_process';
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { start, withFolder } from './child.js';
import { type DiskEvent, findEarlyAcknowledgements, readTrace } from './system-calls.js';

const probe = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], { encoding: 'utf8' });
const canTrace = probe.status === 0;
if (!canTrace) {
  console.warn(
    `skipped: the order of system calls, because strace does not run (${probe.error ?? probe.stderr})`,
  );
}

/** Runs the writer under strace and gives what it did to the disk after it had opened the store. */
async function traceWriter(writers: number, writes: number): Promise<DiskEvent[]> {
  let events: DiskEvent[] = [];
  await withFolder(async (root) => {
    const folder = join(await realpath(root), 'state');
    await mkdir(folder);
    const output = join(root, 'trace');
    const names = 'openat,fsync,fdatasync,msync,write,writev,pwrite64,pwritev,pwritev2';
    const under = ['strace', '-f', '-s', '64', '-e', `trace=${names}`, '-o', output];
    const writer = start('writer-program.mjs', [folder, 'k', `${writers}`, `${writes}`], under);
    for await (const _ of writer.lines);
    expect(await writer.ended).toBe('0');
    events = readTrace(await readFile(output, 'utf8'), join(folder, 'data.mdb'));
  });
  const opened = events.findIndex(
    (event) => event.type === 'acknowledged' && event.text.includes('"open\\n"'),
  );
  expect(opened).toBeGreaterThan(0);
  return events.slice(opened + 1);
}

function count(events: readonly DiskEvent[], type: DiskEvent['type']): number {
  return events.filter((event) => event.type === type).length;
}

describe.skipIf(!canTrace)('the local state on disk', () => {
  it('acknowledges a write only after its data was synced and its commit was valid', {
    timeout: 60_000,
  }, async () => {
    const events = await traceWriter(1, 40);
    expect(count(events, 'acknowledged')).toBe(40);
    expect(count(events, 'sync-ends')).toBeGreaterThanOrEqual(40);
    expect(findEarlyAcknowledgements(events)).toEqual([]);
  });

  it('lets the writes of one moment share one sync', { timeout: 60_000 }, async () => {
    const events = await traceWriter(64, 1);
    expect(count(events, 'acknowledged')).toBe(64);
    expect(count(events, 'sync-ends')).toBe(1);
    expect(count(events, 'commit-ends')).toBe(1);
    // All but the first acknowledgement rest on the commit that the first one rests on.
    const first = events.findIndex(({ type }) => type === 'acknowledged');
    expect(findEarlyAcknowledgements(events.slice(0, first + 1))).toEqual([]);
  });
});
