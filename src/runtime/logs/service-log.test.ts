import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogLine, LogQuery } from './log-line.js';
import { defaultLogSizes, ServiceLog } from './service-log.js';

let folder: string;
let log: ServiceLog;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-log-'));
  log = await ServiceLog.open(folder, defaultLogSizes);
});

afterEach(async () => {
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

const line = (text: string, instance = 'a'): Omit<LogLine, 'sequence'> => ({
  time: '2026-01-31T12:00:00.000Z',
  service: 'echo',
  instance,
  stream: 'stdout',
  text,
});

async function texts(query: LogQuery = {}): Promise<string[]> {
  const found: string[] = [];
  for await (const { sequence, text } of log.read(query)) found.push(`${sequence} ${text}`);
  return found;
}

describe('the log of a service', () => {
  it('gives lines back in their order, all or those that are asked for', async () => {
    await log.append([line('one'), line('two', 'b')]);
    await Promise.all([log.append([line('three')]), log.append([line('four', 'b')])]);
    expect(await texts()).toEqual(['1 one', '2 two', '3 three', '4 four']);
    expect(await texts({ after: 2 })).toEqual(['3 three', '4 four']);
    expect(await texts({ last: 1 })).toEqual(['4 four']);
    expect(await texts({ last: 0 })).toEqual([]);
    expect(await texts({ last: 9 })).toEqual(['1 one', '2 two', '3 three', '4 four']);
    expect(await texts({ instance: 'b' })).toEqual(['2 two', '4 four']);
    expect(await texts({ last: 1, instance: 'a' })).toEqual(['3 three']);
    expect(await texts({ after: 9 })).toEqual([]);
  });

  it('keeps files of a limited size, and of them the newest', async () => {
    await log.close();
    log = await ServiceLog.open(folder, { segmentBytes: 500, segments: 3 });
    for (let count = 1; count <= 100; count += 1) await log.append([line(`line ${count}`)]);
    const files = readdirSync(folder);
    expect(files).toHaveLength(3);
    for (const file of files) expect(statSync(join(folder, file)).size).toBeLessThan(700);
    const kept = await texts();
    expect(kept.at(-1)).toBe('100 line 100');
    expect(kept.length).toBeLessThan(20);
    expect(kept).toEqual(
      kept.map((_, index) => `${101 - kept.length + index} line ${101 - kept.length + index}`),
    );
  });

  it('goes on counting when it is opened again, also after a line that broke off', async () => {
    await log.append([line('one'), line('two')]);
    await log.close();
    appendFileSync(join(folder, readdirSync(folder)[0] ?? ''), '{"sequence":3,"te');
    log = await ServiceLog.open(folder, defaultLogSizes);
    await log.append([line('three')]);
    expect(await texts()).toEqual(['1 one', '2 two', '3 three']);
    expect(await texts({ after: 2 })).toEqual(['3 three']);
  });

  it('is followed over the change of files, without a line twice or missed', async () => {
    await log.close();
    log = await ServiceLog.open(folder, { segmentBytes: 300, segments: 100 });
    await log.append([line('line 1')]);
    const enough = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const { sequence } of log.read({ follow: true, signal: enough.signal })) {
        seen.push(sequence);
        if (sequence === 60) enough.abort();
      }
    })();
    for (let count = 2; count <= 60; count += 1) await log.append([line(`line ${count}`)]);
    await following;
    expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  });

  it('ends whoever follows when it is closed', async () => {
    await log.append([line('one')]);
    const seen: string[] = [];
    for await (const { text } of log.read({ follow: true })) {
      seen.push(text);
      await log.close();
    }
    expect(seen).toEqual(['one']);
  });

  it('holds up whoever writes faster than the disk, and loses none', async () => {
    await Promise.all(Array.from({ length: 2_000 }, (_, index) => log.append([line(`line ${index + 1}`)])));
    expect(await texts({ last: 1 })).toEqual(['2000 line 2000']);
    expect(await texts()).toHaveLength(2_000);
  });
});
