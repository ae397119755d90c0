import { request } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { claimedSigner, type PublicKey, verifySigned } from '../../../../kernel/identity/index.js';
import { validate } from '../../model/index.js';
import type { PeerKeys } from '../peer-keys.js';
import {
  type HostAnswer,
  hostAnswer,
  hostPath,
  mostHeaderBytes,
  readStatement,
  rowsHostName,
} from '../rows-host.js';
import { transferRefused } from '../transfer-refused.js';

/** Milliseconds in which a listener says who it is. */
const answerMs = 10_000;

/** Where rows go. */
export interface RowsTarget {
  readonly party: string;
  /** An https URL. */
  readonly address: string;
  /** The keys that the order names for the party. */
  readonly keys: readonly PublicKey[];
}

/**
 * How to connect to a party's listener so that nobody else is talked to: TLS takes what the party itself signed for, and
 * nothing else. Throws `signature-invalid` where somebody else is there, and `provider-unavailable` where nobody answers.
 */
export async function findHost(
  { party, address, keys }: RowsTarget,
  peers: PeerKeys,
  signal: AbortSignal,
): Promise<ConnectionOptions> {
  const { statement, changes } = await askHost(party, address, signal);
  const signer = claimedSigner(statement, 'starling-rows-host+jwt');
  const accepted = await peers.accept({ peer: party, signer, changes, named: keys });
  const said = readStatement(await verifySigned(statement, 'starling-rows-host+jwt', accepted));
  if (said.party !== party) throw transferRefused(`${said.party} listens where ${party} should`);
  return { ca: said.authority, servername: rowsHostName, minVersion: 'TLSv1.3' };
}

/** Whoever listens may say this; what it says is verified, and then the connection against it. */
function askHost(party: string, address: string, signal: AbortSignal): Promise<HostAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(unreachable(party, address, error));
    const asked = request(
      new URL(hostPath, address),
      { agent: false, rejectUnauthorized: false, servername: rowsHostName, signal, timeout: answerMs },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
          if (text.length > mostHeaderBytes) asked.destroy(new Error('it says too much of itself'));
        });
        response.on('error', fail);
        response.on('end', () => {
          try {
            const read = validate(hostAnswer, JSON.parse(text));
            if (!read.ok) throw new Error('it is no agent that takes rows');
            resolve(read.value);
          } catch (error) {
            fail(error as Error);
          }
        });
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('it does not answer')));
    asked.on('error', fail);
    asked.end();
  });
}

/** The error where a listener cannot be reached, or was lost. */
export function unreachable(party: string, address: string, cause: Error): StarlingError {
  return new StarlingError(
    'provider-unavailable',
    `Rows cannot be sent to the agent of ${party} at ${address}: ${cause.message}. Ask again; if it stays, tell the operator of ${party}.`,
    { details: { party }, cause },
  );
}
