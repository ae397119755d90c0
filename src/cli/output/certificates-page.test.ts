import { expect, it } from 'vitest';
import { certificatesPage } from './certificates-page.js';

it('tells whom certificates are for, until when, and what is wrong', () => {
  const authority = {
    subject: 'CN=Universities',
    issuer: 'CN=Universities',
    names: [],
    authority: true,
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2036-01-01T00:00:00.000Z',
    daysLeft: 3650,
    fingerprint: 'AA:BB',
    warnings: [],
  };
  const server = {
    ...authority,
    subject: 'CN=gateway.example',
    names: ['gateway.example', '10.0.0.5'],
    authority: false,
    notAfter: '2026-01-05T00:00:00.000Z',
    daysLeft: 4,
    warnings: ['It expires in 4 days. Issue a new one.'],
  };
  expect(certificatesPage([server, authority])).toBe(
    [
      'For      CN=gateway.example',
      'Names    gateway.example, 10.0.0.5',
      'By       CN=Universities',
      'Valid    2026-01-01 00:00:00 UTC to 2026-01-05 00:00:00 UTC, 4 days left',
      'SHA-256  AA:BB',
      'It expires in 4 days. Issue a new one.',
      '',
      'For      CN=Universities, an authority',
      'By       itself',
      'Valid    2026-01-01 00:00:00 UTC to 2036-01-01 00:00:00 UTC, 3650 days left',
      'SHA-256  AA:BB',
    ].join('\n'),
  );
});
