import { StarlingError } from '../../kernel/errors/index.js';
import type { SignedAgreement } from '../../systems/exchange/agent/agent.js';
import { atDesk, type Desk } from '../desk/at-desk.js';
import type { DeskCall } from '../desk/control-client.js';
import type { OwnDryRun } from '../desk/operations.js';
import { timeText } from '../output/figures.js';
import type { Session } from '../session.js';
import { parseAgreementFile } from './agreement-file.js';
import { readInput } from './read-input.js';

/** An agent's folder on this machine, and whose it is. */
export type AgentDesk = Desk & { readonly party: string };

/** `starling agreements show --data`: what is in force at the agent itself. */
export async function showAtDesk(session: Session, desk: AgentDesk): Promise<void> {
  const { answer } = await atDesk<SignedAgreement>(desk, { operation: 'GET /agreement' });
  const { stringify } = await import('yaml');
  session.show(answer, ({ party, version, signedAt, changedBy, agreement }) => {
    const by = changedBy === undefined ? "the agent's file" : changedBy;
    const comment = `# Agreement of ${party}, version ${version}, by ${by} at ${signedAt}.`;
    if (agreement === null) return `${comment}\n# It is removed: ${party} allows nothing.`;
    return `${comment}\n${stringify(agreement, { lineWidth: 110 }).trimEnd()}`;
  });
}

/** `starling agreements put --data`: in force when it is told. */
export async function putAtDesk(
  session: Session,
  desk: AgentDesk,
  file: string,
  version: string | undefined,
): Promise<void> {
  const query = versionQuery(version);
  const answer = await withFile<SignedAgreement>(desk, file, { operation: 'PUT /agreement', query });
  session.show(
    answer,
    (shown) =>
      `The agreement of ${shown.party} has version ${shown.version} now, since ${timeText(shown.signedAt)}.`,
  );
}

/** `starling agreements dry-run --data`: by the agent's own rules; it knows no jobs. */
export async function dryRunAtDesk(session: Session, desk: AgentDesk, file: string): Promise<void> {
  const answer = await withFile<OwnDryRun>(desk, file, { operation: 'POST /agreement/dry-run' });
  session.show(answer, ({ party, version, relations }) => {
    const names = (list: readonly string[]) => (list.length === 0 ? 'none' : list.join(', '));
    return [
      `It fits what ${party} declares, and would take the place of version ${version}. Nothing was changed.`,
      '',
      `  Relations added    ${names(relations.added)}`,
      `  Relations changed  ${names(relations.changed)}`,
      `  Relations removed  ${names(relations.removed)}`,
      '',
      'Which jobs it would touch the gateway knows: leave out --data.',
    ].join('\n');
  });
}

/** `starling agreements remove --data`. */
export async function removeAtDesk(
  session: Session,
  desk: AgentDesk,
  version: string | undefined,
): Promise<void> {
  const query = versionQuery(version);
  const { answer } = await atDesk<SignedAgreement>(desk, { operation: 'DELETE /agreement', query });
  session.show(answer, ({ party }) => `The agreement of ${party} is removed: it allows nothing any more.`);
}

async function withFile<Answer extends object>(
  desk: AgentDesk,
  file: string,
  call: DeskCall,
): Promise<Answer> {
  const agreement = await parseAgreementFile(await readInput(file), file);
  try {
    return (await atDesk<Answer>(desk, { ...call, body: agreement.value })).answer;
  } catch (thrown) {
    throw agreement.withPlaces(StarlingError.from(thrown));
  }
}

function versionQuery(version: string | undefined): Readonly<Record<string, string>> {
  if (version === undefined) return {};
  if (/^\d{1,15}$/.test(version)) return { ifVersion: version };
  const message = `--if-revision takes the number of a version, and "${version}" is none. \`starling agreements show\` tells it.`;
  throw new StarlingError('input-invalid', message, { details: { option: '--if-revision' } });
}
