import { expect, it } from 'vitest';
import { statusPage } from './status-page.js';

it('the status is a page', () => {
  const status = {
    version: '0.1.0',
    startedAt: '2026-01-31T12:00:05.000Z',
    uptimeSeconds: 125,
    storage: '/srv/starling',
    memory: { residentBytes: 181_000_000 },
    parties: [
      { id: 'VU', name: 'VU', online: true, since: '2026-01-31T12:00:06.000Z', clockDifferenceMs: -12 },
      { id: 'UVA', name: 'UVA', online: false },
      { id: 'RUG', name: 'RUG', online: true, clockDifferenceMs: 31_000 },
      { id: 'HOME', name: 'Home' },
    ],
    requests: { running: 2 },
    jobs: { live: 3 },
    warnings: [{ message: 'The clock of the agent of RUG is 31 s ahead.' }],
    revision: 12,
  };
  expect(statusPage('http://127.0.0.1:8080', status)).toMatchInlineSnapshot(`
    "API            http://127.0.0.1:8080/api/v1
    Docs           http://127.0.0.1:8080/docs
    Version        0.1.0
    Up             2 min 5 s, since 2026-01-31 12:00:05 UTC
    Storage        /srv/starling
    Memory         181 MB resident, without runs
    Parties        VU online, since 2026-01-31 12:00:06 UTC, clock right
                   UVA offline
                   RUG online, clock 31.0 s ahead
                   HOME, without an agent
    Requests       2 running
    Jobs           3 live
    Configuration  revision 12
    Warnings       The clock of the agent of RUG is 31 s ahead."
  `);
});

it('the status tells how people sign in, when the certificate ends, and whose agreement is in force', () => {
  const page = statusPage('https://gateway.example', {
    version: '0.1.0',
    startedAt: '2026-01-31T12:00:05.000Z',
    uptimeSeconds: 125,
    access: 'signed-in',
    certificate: { expiresAt: '2026-02-10T12:00:05.000Z', daysLeft: 10 },
    memory: { residentBytes: 181_000_000 },
    parties: [
      { id: 'VU', name: 'VU', online: true, agreementVersion: 3, unknownInAgreement: ['there is no step x'] },
    ],
    requests: { running: 0 },
    jobs: { live: 0 },
    warnings: [],
    revision: 12,
  });
  expect(page).toContain('Access          by token');
  expect(page).toContain('Allows nothing  VU: there is no step x');
  expect(page).toContain('Certificate     until 2026-02-10 12:00:05 UTC, 10 days left');
  expect(page).toContain('Parties         VU online, agreement 3');
});

it('shows engines that are not embedded, and the gateways where there are several', () => {
  const at = 'etcd at e1:2379, e2:2379';
  const members = [
    { address: 'e1:2379', isReachable: true, isLeader: true, behind: 0 },
    { address: 'e2:2379', isReachable: true, isLeader: false, behind: 12 },
    { address: 'e3:2379', isReachable: false },
  ];
  const details = { version: '3.4.23', cluster: 'c1', revision: 7, databaseBytes: 94_000 };
  const engines = [
    { use: 'state', engine: 'etcd', at, ...details, members, alarms: ['NOSPACE'] },
    { use: 'queue', engine: 'nats', at: 'NATS at n1:4222', durability: 'Synced.' },
    { use: 'blobs', engine: 'embedded', at: 'embedded' },
  ] as const;
  const startedAt = '2026-01-31T12:00:05.000Z';
  const gateways = [
    { url: 'https://g1:8443', version: '0.1.0', startedAt, isThis: true },
    { url: 'https://g2:8443', version: '0.1.0', startedAt, isThis: false },
  ];
  const status = {
    ...{ version: '0.1.0', startedAt, uptimeSeconds: 125, revision: 12, parties: [], warnings: [] },
    ...{ memory: { residentBytes: 181_000_000 }, requests: { running: 0 }, jobs: { live: 0 } },
  };
  const page = statusPage('https://g', { ...status, engines, gateways: gateways.reverse() });
  expect(page).toContain(
    [
      'State          etcd at e1:2379, e2:2379, version 3.4.23, cluster c1, revision 7, 94 kB',
      '               e1:2379 answers, leads',
      '               e2:2379 answers, 12 entries behind',
      '               e3:2379 does not answer',
      '               alarm NOSPACE',
      'Queue          NATS at n1:4222',
      '               Synced.',
      'Blobs          embedded',
      'Gateways       https://g1:8443, 0.1.0, since 2026-01-31 12:00:05 UTC, this one',
      '               https://g2:8443, 0.1.0, since 2026-01-31 12:00:05 UTC',
    ].join('\n'),
  );
  const embedded = [{ use: 'state', engine: 'embedded', at: 'embedded' }] as const;
  expect(statusPage('https://g', { ...status, engines: embedded })).not.toContain('State  ');
});
