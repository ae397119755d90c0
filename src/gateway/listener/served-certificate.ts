import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { describeCertificates, type KeyedCertificate } from '../../kernel/certificates/index.js';
import type { Clock, Timer } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Logger, Telemetry } from '../../kernel/telemetry/index.js';

const dayMs = 86_400_000;

/** Time before its end from which on a certificate is warned of. */
const soonMs = 30 * dayMs;

/** When a certificate ends. */
export interface CertificateExpiry {
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  /** Negative afterwards. */
  readonly daysLeft: number;
}

/** The certificate that a server shows; it warns once a day of one that soon ends. */
export class ServedCertificate {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #current: KeyedCertificate;
  #expiresAt: number;
  #timer: Timer | undefined;

  /** Throws `certificate-invalid` as `use` does. */
  constructor(certificate: KeyedCertificate, clock: Clock, { logger, metrics }: Telemetry) {
    this.#clock = clock;
    this.#logger = logger;
    this.#expiresAt = checkedExpiry(certificate, clock.wallTime());
    this.#current = certificate;
    const gauge = metrics.gauge(
      'starling_certificate_expiry_seconds',
      'Seconds until the certificate of the gateway expires.',
    );
    metrics.beforeText(() => gauge.set((this.#expiresAt - clock.wallTime()) / 1000));
    this.#watch();
  }

  /** Takes another. Throws `certificate-invalid` where it cannot be used, and keeps the one before. */
  use(certificate: KeyedCertificate): void {
    this.#expiresAt = checkedExpiry(certificate, this.#clock.wallTime());
    this.#current = certificate;
    this.#logger.info(this.expiry(), 'another certificate is served');
    this.#watch();
  }

  /** What a server is given. */
  get context(): SecureContextOptions {
    const { certificate, key } = this.#current;
    return { cert: certificate, key, minVersion: 'TLSv1.2' };
  }

  expiry(): CertificateExpiry {
    return {
      expiresAt: new Date(this.#expiresAt).toISOString(),
      daysLeft: Math.floor((this.#expiresAt - this.#clock.wallTime()) / dayMs),
    };
  }

  /** Warns no more. */
  close(): void {
    this.#timer?.cancel();
  }

  #watch(): void {
    this.#timer?.cancel();
    const left = this.#expiresAt - this.#clock.wallTime();
    if (left <= soonMs)
      this.#logger.warn(this.expiry(), 'the certificate is about to expire: issue a new one');
    this.#timer = this.#clock.timer(Math.max(left - soonMs, dayMs), () => this.#watch());
  }
}

/** When the certificate ends, in milliseconds since 1970, once it is one that can be served now. */
function checkedExpiry({ certificate, key }: KeyedCertificate, now: number): number {
  const [own] = describeCertificates(certificate, now);
  const expiresAt = Date.parse(own?.notAfter ?? '');
  if (!new X509Certificate(certificate).checkPrivateKey(readKey(key))) {
    throw invalid('has another key than the one that was given with it. Give the two that belong together');
  }
  if (!(now < expiresAt)) throw invalid(`expired at ${own?.notAfter}. Issue a new one`);
  if (now < Date.parse(own?.notBefore ?? '')) {
    throw invalid(
      `is valid only from ${own?.notBefore} on. Look at the clock of this machine, or issue a new one`,
    );
  }
  return expiresAt;
}

function readKey(key: string): KeyObject {
  try {
    return createPrivateKey(key);
  } catch (cause) {
    throw new StarlingError(
      'certificate-invalid',
      'The key of the certificate cannot be read. Give a PEM file with a private key that has no password.',
      { cause },
    );
  }
}

function invalid(what: string): StarlingError {
  return new StarlingError('certificate-invalid', `The certificate ${what}.`);
}
