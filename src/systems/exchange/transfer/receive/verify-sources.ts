import { StarlingError } from '../../../../kernel/errors/index.js';
import { openReceipt } from '../../order/index.js';
import type { RowsSource } from '../rows-source.js';
import type { ReceivedRows, Reception } from './reception.js';

/** The rows of one provider, which it signed a receipt for. */
export interface VerifiedRows extends ReceivedRows {
  readonly party: string;
  readonly rows: number;
}

/**
 * Holds what came against the receipts of those who sent it, and gives it in the order of parties. Throws `run-failed` where
 * one is missing and the question does not go without, or where none came; `signature-invalid` where a receipt is not of
 * what came.
 *
 * @param gateway the key that the order is signed with, by its thumbprint
 */
export async function verifySources(
  reception: Reception,
  sources: readonly RowsSource[],
  gateway: string,
): Promise<readonly VerifiedRows[]> {
  const { chain, question } = reception.order;
  const named = new Map(sources.map((source) => [source.party, source.receipt]));
  const verified: VerifiedRows[] = [];
  for (const party of chain.receivesFrom) {
    const receipt = named.get(party);
    const received = reception.of(party);
    if (receipt !== undefined && received !== undefined) {
      verified.push(await verifyOne(party, receipt, received, gateway, reception));
    } else if (question.allowPartial !== true) {
      const message = `The rows of ${party} did not come whole, and the question does not go without. Ask again, or allow an answer of some providers.`;
      throw new StarlingError('run-failed', message, { details: { party } });
    }
  }
  if (verified.length === 0)
    throw new StarlingError('run-failed', 'No provider sent its rows whole. Ask again.');
  return verified;
}

async function verifyOne(
  party: string,
  receipt: string,
  received: ReceivedRows,
  gateway: string,
  { order }: Reception,
): Promise<VerifiedRows> {
  const { sender, request } = received.claims;
  const meant = { jti: sender, request, iss: gateway, aud: party };
  const { claims } = await openReceipt(receipt, meant, received.keys);
  const { sent, outcome } = claims;
  if (outcome === 'released' && sent !== undefined && sent.to === order.aud) {
    if (sent.bytes === received.bytes && sent.hash === received.hash)
      return { ...received, party, rows: sent.rows };
  }
  throw new StarlingError(
    'signature-invalid',
    `What came from ${party} is not what it signed a receipt for. It is not used; ask again, and tell the operator of ${party}.`,
    { details: { party } },
  );
}
