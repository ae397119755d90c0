import type { CertificateDescription } from '../../kernel/certificates/index.js';
import type { PageOptions } from './explanation-page.js';
import { timeText } from './figures.js';
import { plain } from './paint.js';
import { table } from './table.js';

/** Certificates as a page: one block each, warnings last. */
export function certificatesPage(
  certificates: readonly CertificateDescription[],
  options: PageOptions = {},
): string {
  const { paint = plain, width = 110 } = options;
  const blocks = certificates.map((one) => {
    const left = one.daysLeft < 0 ? 'expired' : `${one.daysLeft} days left`;
    const rows = [
      ['For', one.authority ? `${one.subject}, an authority` : one.subject],
      ...(one.names.length === 0 ? [] : [['Names', one.names.join(', ')]]),
      ['By', one.issuer === one.subject ? 'itself' : one.issuer],
      ['Valid', `${timeText(one.notBefore)} to ${timeText(one.notAfter)}, ${left}`],
      ['SHA-256', one.fingerprint],
    ];
    return [table(['', ''], rows, { width }), ...one.warnings.map((text) => paint('doubtful', text))].join(
      '\n',
    );
  });
  return blocks.join('\n\n');
}
