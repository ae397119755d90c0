import { expect, it } from 'vitest';
import { deskStatusPage } from './desk-status-page.js';

it('shows how an agent stands that runs', () => {
  const page = deskStatusPage('/var/lib/starling/vu', {
    owner: 'VU',
    key: 'a-thumbprint',
    pid: 42,
    agreement: { version: 3, signedAt: '2026-01-31T12:00:05.000Z', isRemoved: false },
    gateway: 'https://gateway.example',
    connection: {
      state: 'waiting',
      since: '2026-01-31T12:00:06.000Z',
      error: { code: 'gateway-unreachable', message: 'Nothing answers.' },
    },
    dataSets: [{ name: 'wageGap', state: 'ready' }],
  });
  expect(page).toContain('Process     42');
  expect(page).toMatch(/Connection {2}waiting, since .*: Nothing answers\./);
  expect(page).toMatch(/Agreement {3}version 3, since /);
  expect(page).toContain('Data sets   wageGap ready');
});

it('shows at which of several gateways an agent is, and why it is not at the others', () => {
  const connection = { state: 'connected', since: '2026-01-31T12:00:06.000Z' } as const;
  const error = { code: 'gateway-unreachable', message: 'Nothing answers.' } as const;
  const page = deskStatusPage('/vu', {
    ...{ owner: 'VU', key: 'k', pid: 42, gateway: 'https://g1.example', connection },
    gateways: [
      { url: 'https://g1.example/', ...connection },
      { url: 'https://g2.example/', state: 'waiting', since: connection.since, error },
    ],
  });
  expect(page).toMatch(/Gateways +https:\/\/g1\.example\/ connected, since/);
  expect(page).toMatch(/https:\/\/g2\.example\/ waiting, since .*: Nothing answers\./);
});

it('shows how a gateway stands, and a folder that no process has', () => {
  const running = { owner: 'gateway', key: 'k', pid: 7, url: 'https://gateway.example' };
  const parties = [
    { party: 'VU', online: true },
    { party: 'UVA', online: false },
  ];
  expect(deskStatusPage('/g', { ...running, parties })).toContain('Parties  VU online, UVA offline');
  const removed = { version: 2, signedAt: '2026-01-31T12:00:05.000Z', isRemoved: true };
  const stopped = deskStatusPage('/vu', { owner: 'VU', key: 'k', agreement: removed });
  expect(stopped).toContain('none runs');
  expect(stopped).toContain('removed, it allows nothing');
});
