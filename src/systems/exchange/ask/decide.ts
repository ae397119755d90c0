import { type ErrorRecord, StarlingError } from '../../../kernel/errors/index.js';
import { approveRequest, type ProviderDecision } from '../approve/index.js';
import { type Composition, compose } from '../compose/index.js';
import type { Catalogue, NormalRequest } from '../model/index.js';
import { type Placement, place } from '../place/index.js';

/** What was decided of a request, as far as it came. */
export interface Decided {
  readonly decisions: readonly ProviderDecision[];
  readonly placement?: Placement;
  readonly composition?: Composition;
  /** Why it goes no further. */
  readonly error?: ErrorRecord;
}

/**
 * approve → place → compose, pure. A refusal is a result like any other, with everything that was decided before it.
 *
 * @param online by party, whether its agent is there
 * @param now milliseconds since 1970
 */
export function decide(
  question: NormalRequest,
  catalogue: Catalogue,
  online: Readonly<Record<string, boolean>>,
  now: number,
): Decided {
  const decisions = approveRequest(question, catalogue, now);
  let placement: Placement | undefined;
  try {
    placement = place({ request: question, decisions, online, catalogue });
    return {
      decisions,
      placement,
      composition: compose({ placement, decisions, request: question, catalogue }),
    };
  } catch (thrown) {
    if (!(thrown instanceof StarlingError)) throw thrown;
    return { decisions, ...(placement === undefined ? {} : { placement }), error: thrown.toRecord() };
  }
}
