import { describe, expect, it } from 'vitest';
import { checkRoom } from './check-room.js';

const filled = { kind: 'fill quota', target: 'server 1', from: 0, to: 1 };
const asked = { write: { compare: [], success: [{ put: 'a', value: 'a' }] } };
const refused = (code: string) => ({ client: 'c', asked, code });

describe('the check of whether there was room', () => {
  it.each(['fill disk', 'fill quota'])('finds nothing where writes were refused at a fault: %s', (kind) => {
    expect(checkRoom([{ ...filled, kind }], [refused('storage-full')])).toEqual([]);
  });

  it('finds nothing where writes were refused for something else', () => {
    expect(checkRoom([], [refused('revision-conflict')])).toEqual([]);
  });

  it('finds writes that were refused though there was room', () => {
    expect(checkRoom([{ ...filled, kind: 'kill' }], [refused('storage-full')])).toEqual([
      { kind: 'wrong', text: '1 writes were refused for want of room, and there was room' },
    ]);
  });
});
