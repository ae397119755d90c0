import { join } from 'node:path';
import { systemClock } from '../../../kernel/clock/index.js';
import { probeCaps } from '../runs/index.js';
import { describeAgent } from './conformance.js';
import { openLocalAgent } from './local-agent.js';

describeAgent('in this process', {
  open: async ({ folder, ...ground }) => {
    const shared = { ...ground, sourceFolder: folder, support: await probeCaps(), clock: systemClock };
    const [vu, surf] = await Promise.all(
      ['VU', 'SURF'].map((party) => openLocalAgent({ ...shared, party, folder: join(folder, party) })),
    );
    if (vu === undefined || surf === undefined) throw new Error('Two agents are opened.');
    await Promise.all([vu.start(), surf.start()]);
    return { vu, surf, refresh: () => vu.refresh() };
  },
});
