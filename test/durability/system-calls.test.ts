import { describe, expect, it } from 'vitest';
import { findEarlyAcknowledgements, readTrace } from './system-calls.js';

const opened = `
1 openat(AT_FDCWD, "/s/data.mdb", O_RDWR|O_CREAT, 0664) = 19
1 openat(AT_FDCWD, "/s/data.mdb", O_WRONLY|O_DSYNC|O_CLOEXEC) = 20
1 openat(AT_FDCWD, "/s/lock/data.mdb", O_RDWR|O_CREAT, 0664) = 21`;
const check = (lines: string) => findEarlyAcknowledgements(readTrace(`${opened}\n${lines}`, '/s/data.mdb'));
const written = '2 pwrite64(19, "page"..., 4096, 8192) = 4096\n';
const synced = '2 fdatasync(19) = 0\n';
const valid = '2 pwrite64(20, "meta"..., 128, 40) = 128\n';
const said = '1 write(1, "ack 1\\n", 6) = 6\n';
const early = 'said before it was on disk: 1, "ack 1\\n", 6';

describe('the reading of a trace', () => {
  it('finds nothing wrong with write, sync, commit, acknowledgement', () => {
    expect(check(written + synced + valid + said + written + synced + valid + said)).toEqual([]);
  });

  it('finds an acknowledgement before the commit, before the sync, or of nothing new', () => {
    expect(check(written + synced + said + valid)).toEqual([early]);
    expect(check(written + valid + said)).toEqual([
      'a commit became valid before its data was synced',
      early,
    ]);
    expect(check(written + synced + valid + said + said)).toEqual([early]);
  });

  it('counts a sync only when it has ended, without an error, and for what was written before it began', () => {
    const begins = '2 fdatasync(19 <unfinished ...>\n';
    const ends = '2 <... fdatasync resumed>) = 0\n';
    expect(check(written + begins + said + ends + valid)).toEqual([early]);
    expect(check(begins + written + ends + valid + said)).toHaveLength(2);
    expect(check(written + begins + ends + valid + said)).toEqual([]);
    expect(check(`${written}2 fdatasync(19) = -1 EIO (Input/output error)\n${valid}${said}`)).toHaveLength(2);
  });

  it('looks only at the data file of the store', () => {
    expect(check(`${written}2 fdatasync(21) = 0\n${valid}${said}`)).toHaveLength(2);
  });
});
