import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, ManualClock } from '../../../../kernel/clock/index.js';
import { watchSources } from './watch-sources.js';

let folder: string;
let watching: { close(): void } | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-watch-'));
});

afterEach(() => {
  watching?.close();
  watching = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Watches `files` on a manual clock that lets a test wait for the next timer to be set, that is, for the system to tell. */
function start(...files: string[]) {
  const clock = new ManualClock();
  const changes: string[] = [];
  let wake: (() => void) | undefined;
  const heard: Clock = {
    now: () => clock.now(),
    wallTime: () => clock.wallTime(),
    timer: (ms, callback) => {
      const timer = clock.timer(ms, callback);
      wake?.();
      return timer;
    },
  };
  watching = watchSources(files, (file) => changes.push(file), {
    clock: heard,
    quietMs: 100,
    onError: (error) => {
      throw error;
    },
  });
  clock.advance(100);
  /** Does `change`, and lets time pass once and again as the system tells of it, until `count` changes came out. */
  const changesOn = async (change: () => void, count: number) => {
    const told = () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      });
    let next = told();
    change();
    while (changes.length < count) {
      await next;
      next = told();
      clock.advance(100);
    }
    return changes;
  };
  return { clock, changes, changesOn };
}

describe('watchSources', () => {
  it('tells of a file that is written to, and of no other', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    writeFileSync(one, 'a');
    writeFileSync(two, 'a');
    const { changesOn } = start(one, two);
    expect(await changesOn(() => appendFileSync(two, 'b'), 1)).toEqual([two]);
  });

  it('tells of a file that is replaced by rename, again and again', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'a');
    const { changesOn } = start(file);
    const replace = () => {
      writeFileSync(join(folder, 'new'), 'a');
      renameSync(join(folder, 'new'), file);
    };
    expect(await changesOn(replace, 1)).toEqual([file]);
    expect(await changesOn(replace, 2)).toEqual([file, file]);
  });

  it('tells of a file that appears, and goes, and of folders that appear above it', async () => {
    const file = join(folder, 'a', 'b', 'file');
    const { changesOn } = start(file);
    const appear = () => {
      mkdirSync(join(folder, 'a', 'b'), { recursive: true });
      writeFileSync(file, 'a');
    };
    expect(await changesOn(appear, 1)).toEqual([file]);
    expect(await changesOn(() => appendFileSync(file, 'b'), 2)).toHaveLength(2);
    expect(await changesOn(() => rmSync(file), 3)).toHaveLength(3);
  });

  it('follows a folder that is replaced', async () => {
    const [data, file] = [join(folder, 'data'), join(folder, 'data', 'file')];
    mkdirSync(data);
    writeFileSync(file, 'a');
    const { changesOn } = start(file);
    const replace = () => {
      mkdirSync(join(folder, 'other'));
      writeFileSync(join(folder, 'other', 'file'), 'b');
      renameSync(data, join(folder, 'old'));
      renameSync(join(folder, 'other'), data);
    };
    expect(await changesOn(replace, 1)).toEqual([file]);
    expect(await changesOn(() => appendFileSync(file, 'c'), 2)).toEqual([file, file]);
  });

  it('tells of a change where a link points to', async () => {
    mkdirSync(join(folder, 'target'));
    writeFileSync(join(folder, 'target', 'real'), 'a');
    const link = join(folder, 'link');
    symlinkSync(join('target', 'real'), link);
    const { changesOn } = start(link);
    expect(await changesOn(() => appendFileSync(join(folder, 'target', 'real'), 'b'), 1)).toEqual([link]);
  });

  it('tells of many writes once, when the file was left alone', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'a');
    const { changesOn, changes, clock } = start(file);
    await changesOn(() => {
      for (let turn = 0; turn < 20; turn++) appendFileSync(file, 'b');
    }, 1);
    clock.advance(1_000);
    expect(changes).toEqual([file]);
  });

  it('says nothing of a read or of what others write, and leaves no timer when it is closed', async () => {
    const [file, other] = [join(folder, 'file'), join(folder, 'other')];
    writeFileSync(file, 'a');
    const { changesOn, changes, clock } = start(file);
    readFileSync(file);
    writeFileSync(other, 'x');
    expect(await changesOn(() => appendFileSync(file, 'b'), 1)).toEqual([file]);
    watching?.close();
    appendFileSync(file, 'c');
    clock.advance(1_000);
    expect(changes).toEqual([file]);
    expect(clock.pendingTimers).toBe(0);
  });
});
