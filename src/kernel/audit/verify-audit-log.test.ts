import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry, AuditHead } from './audit-log.js';
import { chainStart, nextEntry } from './chain.js';
import { verifyAuditLog } from './verify-audit-log.js';

const owner = 'VU';
const at = '2026-01-01T00:00:00.000Z';

/** A log of `length` entries; of equal `seed`, an equal one. */
function madeLog(length: number, seed = 'a', begin: readonly AuditEntry[] = []): AuditEntry[] {
  const log = [...begin];
  let end = begin.at(-1) ?? chainStart(owner);
  while (log.length < length) {
    const entry = nextEntry(end, { at, type: 'order-released', data: { seed, n: log.length } });
    log.push(entry);
    end = entry;
  }
  return log;
}

const headOf = (log: readonly AuditEntry[]): AuditHead => {
  const { sequence, hash } = log.at(-1) ?? chainStart(owner);
  return { owner, sequence, hash, at };
};

/** What is found, as kind and numbers. */
async function found(log: readonly unknown[], ...heads: AuditHead[]): Promise<readonly unknown[]> {
  const { findings } = await verifyAuditLog(log, { owner, heads });
  return findings.map(({ kind, from, to }) => [kind, from, to]);
}

/** The entry as it would be with a right hash. */
const rehashed = (entry: AuditEntry): AuditEntry =>
  nextEntry({ sequence: entry.sequence - 1, hash: entry.previous }, entry);

const length = fc.integer({ min: 3, max: 40 });
const changes = fc.constantFrom<(entry: AuditEntry) => AuditEntry>(
  (entry) => ({ ...entry, type: 'order-refused' }),
  (entry) => ({ ...entry, data: { seed: 'b' } }),
  (entry) => ({ ...entry, at: '2025-12-31T00:00:00.000Z' }),
);

describe('a log that nobody touched', () => {
  it('is sound, with whatever heads it had', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.array(fc.nat(40)), async (count, positions) => {
        const log = madeLog(count);
        const heads = positions.map((position) => headOf(log.slice(0, position)));
        expect(await verifyAuditLog(log, { owner, heads })).toEqual({
          owner,
          isSound: true,
          entries: count,
          confirmedTo: Math.max(0, ...heads.map(({ sequence }) => sequence)),
          findings: [],
        });
      }),
    );
  });

  it('is read as a stream', async () => {
    async function* stream() {
      yield* madeLog(5);
    }
    expect(await verifyAuditLog(stream(), { owner, heads: [] })).toMatchObject({ isSound: true, entries: 5 });
  });

  it('is not held against heads of other logs', async () => {
    const other = { ...headOf(madeLog(9)), owner: 'UVA' };
    expect(await found(madeLog(3), other)).toEqual([]);
  });
});

describe('an entry', () => {
  it('that was changed is named, with no head needed', async () => {
    await fc.assert(
      fc.asyncProperty(length, fc.nat(), changes, async (count, seed, change) => {
        const log = madeLog(count);
        const position = seed % count;
        log[position] = change(log[position] as AuditEntry);
        expect(await found(log)).toEqual([['changed', position + 1, position + 1]]);
      }),
    );
  });

  it('that was changed and given a right hash is named, the last one with a head', async () => {
    await fc.assert(
      fc.asyncProperty(length, fc.nat(), changes, async (count, seed, change) => {
        const log = madeLog(count);
        const head = headOf(log);
        const position = seed % count;
        log[position] = rehashed(change(log[position] as AuditEntry));
        const kind = position === count - 1 ? 'rewritten' : 'changed';
        const findings = await found(log, head);
        expect(findings).toHaveLength(1);
        expect(findings[0]).toEqual([kind, kind === 'changed' ? position + 1 : 1, position + 1]);
      }),
    );
  });

  it('of which any member was changed or that is no entry at all is found', async () => {
    const log = madeLog(5);
    const entry = log[2] as AuditEntry;
    const at3 = (value: unknown) => found([...log.slice(0, 2), value, ...log.slice(3)]);
    for (const value of [
      null,
      'x',
      {},
      { ...entry, sequence: 9 },
      { ...entry, previous: 'x' },
      { ...entry, hash: 'x' },
      { ...entry, note: 'x' },
    ]) {
      expect(await at3(value)).toEqual([['changed', 3, 3]]);
    }
    expect(await at3(rehashed({ ...entry, previous: 'x' }))).toEqual([['changed', 2, 3]]);
  });

  it('that was taken out is missing, the last ones with a head', async () => {
    await fc.assert(
      fc.asyncProperty(length, fc.nat(), fc.nat(), async (count, first, many) => {
        const log = madeLog(count);
        const head = headOf(log);
        const from = first % count;
        const to = from + (many % (count - from));
        const kind = to === count - 1 ? 'cut' : 'missing';
        expect(await found([...log.slice(0, from), ...log.slice(to + 1)], head)).toEqual([
          [kind, from + 1, to + 1],
        ]);
      }),
    );
  });

  it('that changed places is named, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(length, fc.nat(), fc.nat(), async (count, one, other) => {
        const log = madeLog(count);
        const [i, j] = [one % count, other % count].sort((a, b) => a - b) as [number, number];
        fc.pre(i < j);
        const swapped = log.with(i, log[j] as AuditEntry).with(j, log[i] as AuditEntry);
        const { findings } = await verifyAuditLog(swapped, { owner, heads: [headOf(log)] });
        expect(findings.length).toBeGreaterThan(0);
        for (const { kind, from, to } of findings) {
          expect(kind).toBe('reordered');
          expect(from).toBeGreaterThanOrEqual(i + 1);
          expect(to).toBeLessThanOrEqual(j + 1);
        }
        // far enough apart, the two that were moved are named exactly
        if (j - i > 3) expect(findings.map(({ from }) => from)).toEqual([i + 1, j + 1]);
      }),
    );
  });

  it('that stands there twice, or was slipped in, is named', async () => {
    const log = madeLog(6);
    const third = log[2] as AuditEntry;
    const forged = nextEntry(log[1] as AuditEntry, { at, type: 'forged', data: null });
    expect(await found([...log.slice(0, 3), third, ...log.slice(3)])).toEqual([['surplus', 3, 3]]);
    expect(await found([...log.slice(0, 2), forged, ...log.slice(2)])).toEqual([['surplus', 3, 3]]);
  });
});

describe('a log that was written anew', () => {
  it('from any entry on is found by a head of its end, and between which heads', async () => {
    await fc.assert(
      fc.asyncProperty(length, fc.nat(), fc.nat(), async (count, seed, longer) => {
        const log = madeLog(count);
        const from = seed % count;
        const anew = madeLog(count + (longer % 5), 'anew', log.slice(0, from));
        const before = headOf(log.slice(0, from));
        expect(await found(anew, before, headOf(log))).toEqual([['rewritten', from + 1, count]]);
        expect(await verifyAuditLog(anew, { owner, heads: [before] })).toMatchObject({
          isSound: true,
          confirmedTo: from,
        });
      }),
    );
  });

  it('under another name is found without a head', async () => {
    const { findings } = await verifyAuditLog(madeLog(3), { owner: 'UVA', heads: [] });
    expect(findings).toEqual([
      { kind: 'changed', from: 1, to: 1, message: 'Entry 1 was changed after being written.' },
    ]);
  });

  it('is found where its owner signed two heads for one entry', async () => {
    const log = madeLog(4);
    expect(await found(log, headOf(log), headOf(madeLog(4, 'b')))).toEqual([['rewritten', 1, 4]]);
  });

  it('to nothing is found', async () => {
    expect(await found([], headOf(madeLog(4)))).toEqual([['cut', 1, 4]]);
  });
});

describe('whatever is done to a log', () => {
  const places = fc.tuple(fc.nat(), fc.nat());
  const deeds = ['take out', 'swap', 'copy', 'change', 'change and hash', 'write anew'] as const;

  const done = (
    log: readonly AuditEntry[],
    [deed, [one, other]]: readonly [(typeof deeds)[number], readonly [number, number]],
  ) => {
    const i = one % Math.max(1, log.length);
    const j = other % Math.max(1, log.length);
    const [entry, second] = [log[i], log[j]];
    if (entry === undefined || second === undefined) return log;
    switch (deed) {
      case 'take out':
        return log.toSpliced(i, 1 + (j % 3));
      case 'swap':
        return log.with(i, second).with(j, entry);
      case 'copy':
        return log.toSpliced(j, 0, entry);
      case 'change':
        return log.with(i, { ...entry, data: 'x' });
      case 'change and hash':
        return log.with(i, rehashed({ ...entry, data: 'x' }));
      case 'write anew':
        // from before the head on: whoever owns a log may add to it
        return madeLog(log.length, 'anew', log.slice(0, Math.min(i, 2)));
    }
  };

  it('is found with a head of its end, unless the log is the same again', async () => {
    const several = fc.array(fc.tuple(fc.constantFrom(...deeds), places), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(length, several, async (count, steps) => {
        const log = madeLog(count);
        const after = steps.reduce<readonly AuditEntry[]>(done, log);
        const { isSound } = await verifyAuditLog(after, { owner, heads: [headOf(log)] });
        expect(isSound).toBe(isDeepStrictEqual(after, log));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a log with everything wrong', () => {
  it('is told apart', async () => {
    const log: unknown[] = madeLog(30);
    const head = headOf(madeLog(32));
    log[4] = { ...(log[4] as AuditEntry), type: 'x' };
    const [moved] = log.splice(19, 1);
    log.splice(24, 0, moved);
    log.splice(9, 3);
    const report = await verifyAuditLog(log, { owner, heads: [head] });
    expect(report.findings.map(({ message }) => message)).toEqual([
      'Entry 5 was changed after being written.',
      'Entries 10 to 12 were taken out.',
      'Entry 20 was not in place.',
      'Entries 31 to 32 were cut off: a signed head tells of entry 32.',
    ]);
  });

  it('and thousands of breaks is still judged in little time and memory', async () => {
    const log = madeLog(9_000).reverse();
    const report = await verifyAuditLog(log, { owner, heads: [] });
    expect(report.isSound).toBe(false);
    expect(report.findings.map(({ kind }) => kind)).toEqual(['reordered']);
    const every = madeLog(9_000).map((entry, index) => (index % 2 ? entry : { ...entry, type: 'x' }));
    const changed = await verifyAuditLog(every, { owner, heads: [] });
    expect(changed.findings).toHaveLength(1_000);
    expect(changed.findings.at(-1)).toMatchObject({ kind: 'changed', to: 8_999 });
  });
});
