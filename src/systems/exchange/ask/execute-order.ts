import type { Clock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import { contentHash } from '../../../kernel/identity/index.js';
import { traceparent } from '../../../kernel/telemetry/index.js';
import type { Agent, ChainOutcome, ExecuteOptions } from '../agent/index.js';
import {
  type OrderClaims,
  type OrderSigner,
  openReceipt,
  type ReceiptClaims,
  signOrder,
} from '../order/index.js';
import type { Partials } from '../steps/index.js';
import type { LiveRequest } from './live-request.js';
import { whileOrderCounts } from './while-order-counts.js';

/** What executing an order needs besides it. */
export interface OrderContext {
  readonly live: LiveRequest;
  readonly signer: OrderSigner;
  readonly clock: Clock;
}

/**
 * Signs an order, has it executed, and holds what comes back against the receipt for it. Throws what the agent ends it with,
 * and `signature-invalid` where the receipt is not for what came.
 */
export async function executeOrder(
  agent: Agent,
  claims: OrderClaims,
  inputs: readonly Partials[],
  options: ExecuteOptions,
  { live, signer, clock }: OrderContext,
): Promise<ChainOutcome> {
  const signed = await signOrder(claims, signer.key);
  const trace = traceparent();
  const order = { signed, inputs, ...(trace === undefined ? {} : { traceparent: trace }) };
  let outcome: ChainOutcome;
  try {
    outcome = await whileOrderCounts({ claims, clock, signal: options.signal }, (signal) =>
      agent.execute(order, { ...options, signal }),
    );
  } catch (thrown) {
    const error = StarlingError.from(thrown);
    const { receipt, ...details } = error.details ?? {};
    if (typeof receipt !== 'string') throw error;
    await takeReceipt(receipt, claims, live, signer);
    throw new StarlingError(error.code, error.message, { details, cause: error.cause });
  }
  const { released } = await takeReceipt(outcome.receipt, claims, live, signer);
  if (released === contentHash(outcome.report.result)) return outcome;
  throw new StarlingError(
    'signature-invalid',
    `What came from ${claims.aud} is not what its agent signed a receipt for. It is not taken; ask again, and tell the operator of ${claims.aud}.`,
    { details: { party: claims.aud, order: claims.jti } },
  );
}

async function takeReceipt(
  receipt: string,
  order: OrderClaims,
  live: LiveRequest,
  signer: OrderSigner,
): Promise<ReceiptClaims> {
  const { claims, head } = await openReceipt(receipt, order, signer.keysOf(order.aud));
  const { outcome, released } = claims;
  const entry = signer.audit.append('order-ended', {
    order: order.jti,
    party: order.aud,
    request: order.request,
    user: order.question.user.id,
    dataSet: order.question.dataSet,
    outcome,
    ...(released === undefined ? {} : { released }),
  });
  // written beside what follows, mostly in one write with the end of the request
  live.entering(Promise.all([signer.audit.keep(head, claims.auditHead), entry]));
  live.receipts.push({ order: order.jti, party: order.aud, outcome, receipt });
  return claims;
}
