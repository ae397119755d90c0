import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { KeyedCertificate } from '../../kernel/certificates/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { watchSources } from '../../systems/exchange/index.js';

/** The files of a certificate and its key, PEM. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** What of the files is in them now. Throws `certificate-invalid` where they cannot be read. */
export async function readCertificate(files: CertificateFiles): Promise<KeyedCertificate> {
  try {
    const [certificate, key] = await Promise.all([
      readFile(files.certificate, 'utf8'),
      readFile(files.key, 'utf8'),
    ]);
    return { certificate, key };
  } catch (cause) {
    const message = `The files ${files.certificate} and ${files.key} cannot be read. Name a certificate and its key with --tls-cert and --tls-key.`;
    throw new StarlingError('certificate-invalid', message, { cause });
  }
}

export interface FollowCertificateOptions {
  readonly files: CertificateFiles;
  /** Takes what is in the files; throws where it cannot be used. */
  readonly use: (certificate: KeyedCertificate) => void;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

/** Has a certificate used when its files change, and when it is told to; where it cannot be used, that is logged, and the old one stays. */
export function followCertificate({ files, use, clock, logger }: FollowCertificateOptions): {
  reload(): Promise<void>;
  close(): Promise<void>;
} {
  let reading: Promise<void> = Promise.resolve();
  const read = async () => {
    try {
      use(await readCertificate(files));
      logger.info({ certificate: files.certificate }, 'the certificate was read again');
    } catch (error) {
      logger.error({ err: error }, 'the new certificate cannot be used; the old one stays');
    }
  };
  let next: Promise<void> | undefined;
  // certificate and key change together: whoever comes before the reading has begun is served by it
  const reload = () => {
    next ??= reading.then(() => {
      next = undefined;
      return read();
    });
    reading = next;
    return reading;
  };
  const watcher = watchSources([resolve(files.certificate), resolve(files.key)], () => void reload(), {
    clock,
    onError: (error) =>
      logger.error({ err: error }, 'the certificate is not watched any more; SIGHUP has it read again'),
  });
  return {
    reload,
    close: () => {
      watcher.close();
      return reading;
    },
  };
}
