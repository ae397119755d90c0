import { describe, expect, it } from 'vitest';
import type { AgentStatus } from '../../systems/exchange/agent/index.js';
import { type PartyView, partiesPage, partyPage } from './party-page.js';

const agent: AgentStatus = {
  party: 'VU',
  online: true,
  dataSets: [{ name: 'wageGap', state: 'importing' }],
  runs: {
    warm: 1,
    working: 2,
    waiting: 3,
    max: 4,
    queue: 32,
    finished: 9,
    refused: 1,
    residentBytes: 98_000_000,
  },
  weaknesses: ['Runs are not cut off from the network.'],
};

const parties: PartyView[] = [
  { id: 'SURF', name: 'SURF', roles: ['computeProvider'] },
  { id: 'VU', name: 'Vrije Universiteit', roles: ['dataProvider', 'requester'], agent },
];

describe('parties', () => {
  it('are listed', () => {
    expect(partiesPage(parties)).toMatchInlineSnapshot(`
      "party  name                roles                    agent   data sets            runs
      SURF   SURF                computeProvider          -       -                    -
      VU     Vrije Universiteit  dataProvider, requester  online  wageGap (importing)  1 warm, 2 of 4 working, 3
                                                                                       waiting, 1 refused"
    `);
  });

  it('show what their agents tell', () => {
    expect(parties.map((party) => partyPage(party)).join('\n\n')).toMatchInlineSnapshot(`
      "SURF: SURF
        roles  computeProvider
        agent  -

      VU: Vrije Universiteit
        roles      dataProvider, requester
        agent      online
        data sets  wageGap (importing)
        runs       1 warm, 2 of 4 working, 3 waiting, 1 refused, 98 MB each, 9 finished
        weaker     Runs are not cut off from the network."
    `);
  });
});
