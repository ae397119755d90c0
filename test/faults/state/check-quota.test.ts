import { describe, expect, it } from 'vitest';
import { checkQuota } from './check-quota.js';

const filled = { kind: 'fill quota', target: 'server 1', from: 0, to: 1 };
const asked = { write: { compare: [], success: [{ put: 'a', value: 'a' }] } };
const refused = (code: string) => ({ client: 'c', asked, code });

describe('the check of a quota', () => {
  it('finds nothing where writes were refused while there was no room, and not else', () => {
    expect(checkQuota([filled], [refused('storage-full')])).toEqual([]);
    expect(checkQuota([{ ...filled, kind: 'fill disk' }], [refused('storage-full')])).toEqual([]);
    expect(checkQuota([], [refused('revision-conflict')])).toEqual([]);
  });

  it('finds that nothing was refused though there was no room, or something though there was', () => {
    expect(checkQuota([filled], [refused('revision-conflict')])).toMatchObject([
      { kind: 'wrong', text: 'the quota was filled, and no write was refused for it' },
    ]);
    expect(checkQuota([{ ...filled, kind: 'kill' }], [refused('storage-full')])).toHaveLength(1);
  });
});
