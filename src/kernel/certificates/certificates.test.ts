import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get } from 'node:https';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { issueCertificate, makeAuthority } from './certificates.js';
import { describeCertificates } from './describe-certificate.js';

const dayMs = 86_400_000;
const now = Date.now();
const authority = await makeAuthority({ name: 'Universities’ CA', days: 3650, now });
const names = ['gateway.example.org', 'localhost', '127.0.0.1', '::1', '2001:db8::ffff:10.0.0.1'] as const;
const expired = await makeAuthority({ name: 'old', days: 1, now: now - 2 * dayMs });
const server = await issueCertificate({ authority, names, days: 90, now });

describe('certificates', () => {
  it('are signed by the authority, for every name and address, and read by the platform', () => {
    const [ca, issued] = [
      new X509Certificate(authority.certificate),
      new X509Certificate(server.certificate),
    ];
    expect([ca.ca, ca.checkIssued(ca), ca.verify(ca.publicKey)]).toEqual([true, true, true]);
    expect([issued.ca, issued.checkIssued(ca), issued.verify(ca.publicKey)]).toEqual([false, true, true]);
    expect(ca.subject).toBe('CN=Universities’ CA');
    expect(issued.checkHost('gateway.example.org')).toBe('gateway.example.org');
    expect(issued.checkHost('other.example.org')).toBeUndefined();
    for (const address of ['127.0.0.1', '::1', '2001:db8::ffff:10.0.0.1']) {
      expect(issued.checkIP(address)).toBe(address);
    }
  });

  it('let a client that knows the authority alone reach the server over TLS 1.3', async () => {
    const listening = createServer({ key: server.key, cert: server.certificate }, (_request, response) =>
      response.end('hello'),
    ).listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const address = listening.address();
    const port = typeof address === 'object' ? address?.port : 0;
    try {
      const request = get({ host: 'localhost', port, ca: authority.certificate, minVersion: 'TLSv1.3' });
      const [response] = await once(request, 'response');
      expect(await text(response)).toBe('hello');
      await expect(once(get({ host: 'localhost', port }), 'response')).rejects.toThrow(
        'unable to verify the first certificate',
      );
    } finally {
      listening.closeAllConnections();
      listening.close();
    }
  });

  it('let the servers of a cluster call one another, as clients that show theirs', () => {
    const [serverUse, clientUse] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'];
    expect(new X509Certificate(server.certificate).keyUsage).toEqual([serverUse, clientUse]);
  });

  it('end with their authority, and with 2049 as well', async () => {
    const long = await issueCertificate({ authority, names: ['a.example'], days: 9999, now });
    const until = new X509Certificate(authority.certificate).validTo;
    expect(new X509Certificate(long.certificate).validTo).toBe(until);
    const late = await makeAuthority({ name: 'late', days: 12_000, now });
    expect(describeCertificates(late.certificate, now)[0]?.daysLeft).toBe(11_999);
  });

  it.each([
    [{ ...authority, certificate: server.certificate, key: server.key }, 'may sign no others'],
    [{ ...authority, key: server.key }, 'is not that of its certificate'],
    [{ ...authority, certificate: 'nothing' }, 'cannot be read'],
    [expired, 'expired at'],
  ])('are not issued by what is no authority: %#', async (broken, message) => {
    const issue = issueCertificate({ authority: broken, names: ['a.example'], days: 1, now });
    await expect(issue).rejects.toMatchObject({
      code: 'certificate-invalid',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    '',
    'a b',
    'fe80::1%eth0',
    '-a.example',
    'a..b',
    'https://a.example',
    `${'a'.repeat(64)}.example`,
  ])('are not issued for what is no name of a server: %j', async (name) => {
    await expect(issueCertificate({ authority, names: [name], days: 1, now })).rejects.toMatchObject({
      code: 'input-invalid',
    });
  });

  it('take the name of an authority as it is, and that of its issuer from its certificate', async () => {
    const name = '#04 CN=x, O="y"+z';
    const odd = await makeAuthority({ name, days: 2, now });
    const issued = await issueCertificate({ authority: odd, names: ['a.example'], days: 1, now });
    const [ca, leaf] = [new X509Certificate(odd.certificate), new X509Certificate(issued.certificate)];
    expect([ca.toLegacyObject().subject, leaf.toLegacyObject().issuer]).toEqual([{ CN: name }, { CN: name }]);
    expect([leaf.checkIssued(ca), leaf.verify(ca.publicKey)]).toEqual([true, true]);
  });

  it('are described, with a warning where they end soon or have ended', () => {
    const at = (days: number) => describeCertificates(server.certificate, now + days * dayMs)[0];
    expect(at(0)).toMatchObject({
      subject: 'CN=gateway.example.org',
      issuer: 'CN=Universities’ CA',
      names: [
        'gateway.example.org',
        'localhost',
        '127.0.0.1',
        '0:0:0:0:0:0:0:1',
        '2001:DB8:0:0:0:FFFF:A00:1',
      ],
      authority: false,
      daysLeft: 89,
      warnings: [],
    });
    expect(at(70)?.warnings).toEqual(['It expires in 19 days. Issue a new one.']);
    expect(at(91)?.warnings).toEqual(['It has expired. Issue a new one.']);
    expect(at(-1)?.warnings).toEqual([expect.stringMatching(/^It is valid only from 2\d{3}-/)]);
    expect(describeCertificates(server.certificate + authority.certificate, now)).toHaveLength(2);
    expect(() => describeCertificates(server.key, now)).toThrow(
      expect.objectContaining({ code: 'certificate-invalid' }),
    );
  });
});
