import { join } from 'node:path';
import { describeCertificates, issueCertificate, makeAuthority } from '../../kernel/certificates/index.js';
import { systemClock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { certificatesPage } from '../output/certificates-page.js';
import type { Session } from '../session.js';
import { readInput } from './read-input.js';
import { writeNewFile } from './write-new-file.js';

/** `starling certificates ca`. */
export async function makeCertificateAuthority(
  session: Session,
  { out, name, days }: { readonly out: string; readonly name: string; readonly days: number },
): Promise<void> {
  const made = await makeAuthority({ name, days, now: systemClock.wallTime() });
  const files = { certificate: join(out, 'ca.crt'), key: join(out, 'ca.key') };
  await writeNewFile(files.key, made.key, 'secret');
  await writeNewFile(files.certificate, made.certificate, 'public');
  session.show(files, ({ certificate, key }) =>
    [
      `Wrote ${certificate}: give it to everybody who calls the gateway.`,
      `Wrote ${key}: whoever has it can pretend to be any server. Keep it off the servers.`,
      '',
      `  starling certificates issue gateway.example.org --ca ${out} --out ./tls`,
    ].join('\n'),
  );
}

/** `starling certificates issue`. */
export async function issueServerCertificate(
  session: Session,
  names: readonly [string, ...string[]],
  { ca, out, days }: { readonly ca: string | undefined; readonly out: string; readonly days: number },
): Promise<void> {
  if (ca === undefined) {
    const message = 'Who signs it? Name the folder that has ca.crt and ca.key with --ca.';
    throw new StarlingError('input-invalid', message, { details: { option: '--ca' } });
  }
  const authority = {
    certificate: await readInput(join(ca, 'ca.crt')),
    key: await readInput(join(ca, 'ca.key')),
  };
  const issued = await issueCertificate({ authority, names, days, now: systemClock.wallTime() });
  const name = names[0].replace('*', '_').replaceAll(':', '-');
  const files = { certificate: join(out, `${name}.crt`), key: join(out, `${name}.key`) };
  await writeNewFile(files.key, issued.key, 'secret');
  await writeNewFile(files.certificate, issued.certificate, 'public');
  session.show(files, ({ certificate, key }) =>
    [
      `Wrote ${certificate} and ${key}, for ${names.join(', ')}.`,
      '',
      `  starling serve gateway --tls-cert ${certificate} --tls-key ${key} …`,
    ].join('\n'),
  );
}

/** `starling certificates show`. */
export async function showCertificates(session: Session, file: string): Promise<void> {
  const found = describeCertificates(await readInput(file), systemClock.wallTime());
  session.show(found, (shown) => certificatesPage(shown, session.terminal));
}
