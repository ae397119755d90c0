import { StarlingError } from '../../kernel/errors/index.js';
import type { AgreementDryRun } from '../../systems/exchange/index.js';
import type { Agreement } from '../../systems/exchange/model/index.js';
import { apiPath } from '../client/api-client.js';
import type { ObjectView, PageView } from '../client/views.js';
import { agreementDryRunPage } from '../output/agreement-dry-run-page.js';
import { agreementsPage } from '../output/agreements-page.js';
import type { Session } from '../session.js';
import { parseAgreementFile } from './agreement-file.js';
import { readInput } from './read-input.js';

/** `starling agreements list`. */
export async function listAgreements(session: Session): Promise<void> {
  const page = await session.client().json<PageView<ObjectView<Agreement>>>('/agreements');
  session.show(page, ({ items }) => agreementsPage(items, session.terminal));
}

/** `starling agreements show`: as YAML, so that it can be changed and put. */
export async function showAgreement(session: Session, party: string): Promise<void> {
  const object = await session.client().json<ObjectView<Agreement>>(apiPath('agreements', party));
  const { stringify } = await import('yaml');
  session.show(object, ({ revision, source, changedAt, value }) => {
    const by = { file: 'the configuration file', api: 'the API', agent: `the agent of ${party}` }[source];
    const comment = `# Agreement of ${party}, revision ${revision}, written by ${by} at ${changedAt}.`;
    return `${comment}\n${stringify(value, { lineWidth: 110 }).trimEnd()}`;
  });
}

/** `starling agreements put`: replaces an agreement by that of a file. */
export async function putAgreement(
  session: Session,
  party: string,
  file: string,
  revision: string | undefined,
): Promise<void> {
  const headers = revisionHeader(revision);
  const agreement = await parseAgreementFile(await readInput(file), file);
  const options = { method: 'PUT', headers, body: agreement.value } as const;
  const object = await session
    .client()
    .json<ObjectView<Agreement>>(apiPath('agreements', party), options)
    .catch((thrown: unknown) => {
      throw agreement.withPlaces(StarlingError.from(thrown));
    });
  session.show(object, (shown) => `The agreement of ${party} has revision ${shown.revision} now.`);
}

/** `starling agreements dry-run`: what it would touch to put the agreement of a file in force. */
export async function dryRunAgreement(session: Session, party: string, file: string): Promise<void> {
  const agreement = await parseAgreementFile(await readInput(file), file);
  const options = { method: 'POST', body: agreement.value } as const;
  const outcome = await session
    .client()
    .json<AgreementDryRun>(`${apiPath('agreements', party)}/dry-run`, options)
    .catch((thrown: unknown) => {
      throw agreement.withPlaces(StarlingError.from(thrown));
    });
  session.show(outcome, (shown) => agreementDryRunPage(shown, session.terminal));
}

/** `starling agreements remove`. */
export async function removeAgreement(
  session: Session,
  party: string,
  revision: string | undefined,
): Promise<void> {
  const headers = revisionHeader(revision);
  await session.client().call(apiPath('agreements', party), { method: 'DELETE', headers });
  const sentence = `The agreement of ${party} is removed: it allows nothing any more.`;
  session.show({ party, removed: true }, () => sentence);
}

/** The condition that the agreement still has a revision; 0 stands for none being there. Throws `input-invalid`. */
export function revisionHeader(revision: string | undefined): Readonly<Record<string, string>> {
  if (revision === undefined) return {};
  if (!/^\d{1,15}$/.test(revision)) {
    const message = `--if-revision takes the number of a revision, and "${revision}" is none. \`starling agreements show\` tells it.`;
    throw new StarlingError('input-invalid', message, { details: { option: '--if-revision' } });
  }
  return Number(revision) === 0 ? { 'if-none-match': '*' } : { 'if-match': `"${Number(revision)}"` };
}
