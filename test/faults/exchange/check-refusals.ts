import type { Problem } from '../../lab/report.js';
import { type AgreementsInForce, newsMs, settleMs } from './agreements-in-force.js';
import type { ExchangeHistory, Operation } from './history.js';
import { operationName } from './operation-name.js';
import { isAllowed, type Question, questionOf } from './questions.js';

/** What explains that something was not answered. */
type Ground = 'agreement' | 'change of agreement' | 'fault' | 'load' | 'cancelled';

/** What each code may rest on; any other is a failure of its own. */
const grounds: Readonly<Record<string, readonly Ground[]>> = {
  'request-refused': ['agreement'],
  'no-common-archetype': ['agreement', 'fault'],
  'ground-lost': ['change of agreement'],
  'job-ended': ['change of agreement'],
  'order-refused': ['change of agreement'],
  'revision-conflict': ['change of agreement'],
  'provider-unavailable': ['fault'],
  'data-set-unavailable': ['fault'],
  'run-died': ['fault'],
  'storage-unavailable': ['fault'],
  'shutting-down': ['fault'],
  'request-cancelled': ['cancelled', 'fault'],
  'pool-exhausted': ['load'],
  'rate-limited': ['load'],
  'time-limit': ['load'],
};

/** What was not answered says why, and that is so: some agreement did not allow it then, or something had failed. */
export function checkRefusals(history: ExchangeHistory, agreements: AgreementsInForce): Problem[] {
  return history.operations.flatMap((operation) =>
    [...refusalsOf(operation)].flatMap((refusal) => {
      const problem = unexplained(operation, refusal, history, agreements);
      return problem === undefined
        ? []
        : [{ kind: 'wrong' as const, text: `${operationName(operation)}: ${problem}` }];
    }),
  );
}

interface Refusal {
  readonly code: string;
  /** Whose agreements count. */
  readonly providers: readonly string[];
}

/** Every refusal that an operation was told: of the whole, of a part, of a provider. */
function* refusalsOf({ kind, code, question, seen, decisions }: Operation): Generator<Refusal> {
  const asked = question === undefined ? [] : questionOf(question).body.dataProviders;
  const whole = code ?? seen?.error?.code;
  // what is gone is for the check of ends
  if (whole !== undefined && whole !== 'not-found') yield { code: whole, providers: asked };
  for (const { error, providers, absent = [] } of seen?.results ?? []) {
    if (error !== undefined) yield { code: error.code, providers };
    for (const one of absent) yield { code: one.error.code, providers: [one.provider] };
  }
  // what is read was decided before
  if (kind === 'read' || kind === 'cancel') return;
  for (const { provider } of seen?.refused ?? []) yield { code: 'request-refused', providers: [provider] };
  for (const provider of seen?.absent ?? []) yield { code: 'provider-unavailable', providers: [provider] };
  for (const { provider, approved } of decisions ?? [])
    if (!approved) yield { code: 'request-refused', providers: [provider] };
}

function unexplained(
  operation: Operation,
  { code, providers }: Refusal,
  history: ExchangeHistory,
  agreements: AgreementsInForce,
): string | undefined {
  const allowed = grounds[code];
  const whose = providers.join(' and ');
  if (allowed === undefined) return `${whose} ended with ${code}`;
  // a request that is read ended at any time before
  if (operation.kind === 'read' && operation.code === undefined) return undefined;
  const spent = { ...operation, calledAt: operation.calledAt - leadMs(operation.kind, code) };
  if (allowed.some((ground) => holds(ground, spent, providers, history, agreements))) return undefined;
  return `${whose} ended with ${code}, which nothing explains`;
}

/** How long before the call something may have happened that it was told of, in milliseconds. */
function leadMs(kind: Operation['kind'], code: string): number {
  // a dry run is by what the gateway has heard; a job may have ended at any time since it was asked
  if (kind === 'dry run') return newsMs;
  return kind === 'ask again' && code === 'job-ended' ? Number.POSITIVE_INFINITY : 0;
}

function holds(
  ground: Ground,
  { kind, question, calledAt, at }: Operation,
  providers: readonly string[],
  { faults }: ExchangeHistory,
  agreements: AgreementsInForce,
): boolean {
  switch (ground) {
    case 'agreement':
      return providers.some((provider) => refuses(questionOf(question), provider, calledAt, at, agreements));
    case 'change of agreement':
      return providers.some((provider) => agreements.known(provider, calledAt, at).length > 1);
    case 'fault':
      return faults.some(({ from, to }) => from <= at && to + settleMs >= calledAt);
    case 'load':
      return true;
    case 'cancelled':
      return kind === 'cancel';
  }
}

function refuses(
  question: Question,
  provider: string,
  calledAt: number,
  at: number,
  agreements: AgreementsInForce,
): boolean {
  return agreements.known(provider, calledAt, at).some(({ allowed }) => !isAllowed(question, allowed));
}
