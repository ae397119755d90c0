import { join } from 'node:path';
import { systemClock } from '../../../kernel/clock/index.js';
import { describeAgent } from '../agent/conformance.js';
import { openPartyAgent } from '../agent/open-party-agent.js';
import { probeCaps } from '../runs/index.js';
import { madeLink, until } from './made-link.js';

describeAgent('over a stream', {
  open: async ({ folder, ...ground }) => {
    const link = await madeLink();
    const shared = { ...ground, sourceFolder: folder, support: await probeCaps(), clock: systemClock };
    const [vu, surf] = await Promise.all(
      ['VU', 'SURF'].map(async (party) => {
        const own = await openPartyAgent({ ...shared, party, folder: join(folder, party) });
        link.connect(own.agent, await link.enrol(party, own.key));
        await own.agent.start();
        await link.seen(party);
        const remote = link.server.directory.get(party);
        if (remote === undefined) throw new Error('It is enrolled.');
        return { own, remote };
      }),
    );
    if (vu === undefined || surf === undefined) throw new Error('Two agents are opened.');
    await until(vu.remote.onChange.bind(vu.remote), () => vu.remote.status().dataSets[0]?.state === 'ready');
    return {
      vu: vu.remote,
      surf: surf.remote,
      refresh: () => vu.own.agent.refresh(),
      close: async () => {
        await link.close();
        await Promise.all([vu.own.close(), surf.own.close()]);
      },
    };
  },
});
