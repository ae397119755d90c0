import { StarlingError } from '../../../kernel/errors/index.js';
import type { OutputRule, ProviderDecision } from '../approve/index.js';
import type { Chain, Composition } from '../compose/index.js';
import type { Job } from '../job/index.js';
import type { Limits } from '../model/index.js';
import type { Placement } from '../place/index.js';

const time = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

function outputText(rule: OutputRule): string {
  return [
    rule.form === 'rows' ? 'rows' : `groups of ${rule.minimumGroupSize} or more`,
    ...(rule.extremes ? ['extremes'] : []),
    ...(rule.rowsAtComputeProvider && rule.form !== 'rows' ? ['rows to a compute provider'] : []),
  ].join(', ');
}

function limitsText(limits: Readonly<Limits>): string {
  const parts = Object.entries(limits).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`;
}

/** Each decision with all its reasons. */
export function decisionLines(decisions: readonly ProviderDecision[]): string[] {
  return decisions.flatMap((decision) => {
    const { provider } = decision;
    if (!decision.approved) {
      const reasons = decision.reasons.map(({ code, message }) => `  ${code}: ${message}`);
      return [`${provider} refuses`, ...reasons];
    }
    const { archetypes, computeProviders, output, requiredSteps, limits, agreementRevision } = decision;
    const steps = requiredSteps.length === 0 ? '' : `; requires ${requiredSteps.join(', ')}`;
    return [
      `${provider} approves by revision ${agreementRevision}: ${outputText(output)}${steps}${limitsText(limits)}`,
      `  archetypes ${archetypes.join(', ') || 'none'}; compute providers ${computeProviders.join(', ') || 'none'}`,
    ];
  });
}

/** The choice, and what was thought of each archetype. */
export function placementLines(placement: Placement): string[] {
  const { parts, absent, outputs, considered } = placement;
  return [
    ...parts.map(
      ({ archetype, computeProvider, providers }) =>
        `${archetype} with ${providers.join(', ')}${computeProvider === undefined ? '' : `; computed at ${computeProvider}`}`,
    ),
    ...(absent.length === 0 ? [] : [`absent: ${absent.join(', ')}`]),
    ...Object.entries(outputs).map(([provider, output]) => `${provider} releases ${outputText(output)}`),
    ...considered.flatMap(({ archetype: name, chosen, why }) =>
      why.map(
        ({ provider, message }) =>
          `${chosen ? 'chosen' : 'not chosen'} ${name}: ${provider === undefined ? '' : `${provider} `}${message}`,
      ),
    ),
  ];
}

function chainLine(chain: Chain): string {
  const steps = chain.steps.map(({ step, mode }) => (mode === 'whole' ? step : `${step} (${mode})`));
  const from = chain.receivesFrom.length === 0 ? '' : `${chain.receivesFrom.join(', ')} → `;
  return `${chain.party}: ${from}${steps.join(' → ')} → ${chain.releases}; ${outputText(chain.output)}${limitsText(chain.limits)}`;
}

/** Each chain on a line, then the notes. */
export function compositionLines({ chains, notes }: Composition): string[] {
  return [...chains.map(chainLine), ...notes.map((note) => `note: ${note}`)];
}

/** The state of a job and its history. */
export function jobLines(job: Job): string[] {
  const ended = job.ended === undefined ? '' : ` since ${time(job.ended.at)}: ${job.ended.because}`;
  const open = job.openQuestions.length === 0 ? 'no open question' : `open ${job.openQuestions.join(', ')}`;
  return [
    `${job.id} of ${job.user.id} is ${job.state}${ended}; until ${time(job.expiresAt)}; ${job.questionsAsked} asked, ${open}`,
    ...job.history.map(
      ({ sequence, at, type, question, cause }) =>
        `  ${sequence}. ${time(at)} ${type}${question === undefined ? '' : ` ${question}`}: ${cause}`,
    ),
  ];
}

/** A `StarlingError` as it would be shown; anything else is thrown on. */
export function errorLines(thrown: unknown): string[] {
  if (thrown instanceof StarlingError) return [`error ${thrown.code}: ${thrown.message}`];
  throw thrown;
}
