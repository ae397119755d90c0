import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../clock/index.js';
import { describeState } from '../conformance.js';
import type { State } from '../state.js';
import { openLocalState } from './open.js';

const clock = new ManualClock();
const folders = new Map<State, string>();

async function openIn(folder: string): Promise<State> {
  const state = await openLocalState({ folder, clock });
  folders.set(state, folder);
  return state;
}

describeState('local', {
  open: async () => openIn(await mkdtemp(join(tmpdir(), 'starling-state-'))),
  reopen: async (state) => {
    await state.close();
    return openIn(folders.get(state) ?? '');
  },
  dispose: async (state) => {
    await state.close();
    await rm(folders.get(state) ?? '', { recursive: true, force: true });
  },
  advance: (ms) => clock.advance(ms),
  capabilities: { leaseMs: 1000, keepsHistory: true, keepsCallOrder: true },
});
