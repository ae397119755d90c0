import { join } from 'node:path';
import { systemClock } from '../../../kernel/clock/index.js';
import { probeCaps } from '../runs/index.js';
import { describeAgent } from './conformance.js';
import { openPartyAgent } from './open-party-agent.js';

describeAgent('in this process', {
  open: async ({ folder, ...ground }) => {
    const shared = { ...ground, sourceFolder: folder, support: await probeCaps(), clock: systemClock };
    const [vu, surf] = await Promise.all(
      ['VU', 'SURF'].map((party) => openPartyAgent({ ...shared, party, folder: join(folder, party) })),
    );
    if (vu === undefined || surf === undefined) throw new Error('Two agents are opened.');
    await Promise.all([vu.agent.start(), surf.agent.start()]);
    return {
      vu: vu.agent,
      surf: surf.agent,
      refresh: () => vu.agent.refresh(),
      close: async () => {
        await Promise.all([vu.close(), surf.close()]);
      },
    };
  },
});
