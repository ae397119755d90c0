import { expect, it } from 'vitest';
import { backupPage } from './backup-page.js';

it('tells whose folders a backup has, when it was made and how large it is', () => {
  const file = { sha256: '0'.repeat(64), mode: '600' };
  const page = backupPage({
    format: 'starling-backup-1',
    madeAt: '2026-01-31T12:00:05.000Z',
    version: '0.1.0',
    folders: [
      { path: 'gateway', kind: 'gateway' },
      { path: 'agents/VU', kind: 'agent', party: 'VU' },
    ],
    files: [
      { ...file, path: 'gateway/state/data.mdb', bytes: 1_200_000 },
      { ...file, path: 'agents/VU/state/data.mdb', bytes: 34_000 },
    ],
  });
  expect(page).toBe(
    'Of    gateway, agent of VU\nMade  2026-01-31 12:00:05 UTC by Starling 0.1.0\nHas   2 files, 1.2 MB',
  );
});
