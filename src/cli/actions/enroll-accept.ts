import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { z } from 'zod';
import { systemClock } from '../../kernel/clock/index.js';
import { openDataFolder } from '../../kernel/data-folder/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { keyGraceMs, openSigningKey, publicKeySchema } from '../../kernel/identity/index.js';
import { enrol, parseEnrolmentToken } from '../../systems/exchange/link/index.js';
import { credentialsOf } from '../client/credentials.js';
import { type Fetch, trustingFetch } from '../client/trusting-fetch.js';
import { timeText } from '../output/figures.js';
import { table } from '../output/table.js';
import { type EnrolmentRecord, writeEnrolment } from '../serve/enrolment-file.js';
import type { Session } from '../session.js';
import { readInput } from './read-input.js';

/**
 * `starling enroll accept`: shows whom it would trust, redeems the token with the party's key, and keeps what was pinned. Throws
 * `enrolment-refused`, `signature-invalid` where another gateway answers, and `request-cancelled` where a person says no.
 */
export async function accept(
  session: Session,
  given: string,
  { data, yes }: { readonly data: string; readonly yes?: boolean },
): Promise<void> {
  const token = given.startsWith('@') ? (await readInput(given.slice(1))).trim() : given;
  const { party, url, gatewayKey, expiresAt } = parseEnrolmentToken(token);
  const { authorities } = credentialsOf({ ca: session.ca }, {});
  const call: Fetch = authorities === undefined ? fetch : trustingFetch(authorities);
  const issuers = await ownIssuer(call, url);
  const shown = table(
    ['', ''],
    [
      ['Party', party],
      ['Gateway', url],
      ['Gateway key', gatewayKey],
      [
        'Tokens of',
        issuers.map(({ issuer }) => issuer).join(', ') || 'those that your own configuration names',
      ],
      ['Invited until', timeText(expiresAt)],
    ],
  );
  if (!session.json) session.terminal.note(shown);
  if (yes !== true) await confirm(session);
  await openDataFolder({ folder: data, kind: 'agent', party });
  const key = await openSigningKey(join(data, 'keys', 'party.key'));
  const enrolled = await enrol({ token, key, fetch: call });
  const record: EnrolmentRecord = {
    party,
    url,
    gateway: gatewayKey,
    gatewayKeys: enrolled.gatewayKeys,
    issuers,
    ...(authorities === undefined ? {} : { authorities }),
  };
  await writeEnrolment(data, record);
  session.show({ party, url, gateway: gatewayKey, key: key.publicKey.kid }, (view) =>
    [
      `The agent of ${view.party} is enrolled at ${view.url} with the key ${view.key}.`,
      '',
      `  starling serve agent --party ${view.party} --config FILE --data ${data}`,
    ].join('\n'),
  );
}

async function confirm({ terminal }: Session): Promise<void> {
  if (!process.stdin.isTTY) {
    const message =
      'Nobody can be asked whether that is the right gateway. Compare it with what the operator says, and add --yes.';
    throw new StarlingError('input-invalid', message, { details: { option: '--yes' } });
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question('Is that the gateway that you were told of? [y/N] ');
  asking.close();
  if (/^y(es)?$/i.test(answer.trim())) return;
  terminal.note('Nothing was changed.');
  throw new StarlingError('request-cancelled', 'The enrolment was not accepted. Ask the operator.');
}

const discovery = z.object({ issuer: z.url(), jwks_uri: z.url() });
const jwks = z.object({ keys: z.array(z.unknown()).min(1) });

/** The gateway's own issuer of tokens with its keys of now; none where the gateway has none. Throws `gateway-unreachable`. */
async function ownIssuer(call: Fetch, url: string): Promise<EnrolmentRecord['issuers']> {
  try {
    const response = await call(new URL('/.well-known/openid-configuration', url), { redirect: 'error' });
    if (response.status === 404) return [];
    const { issuer, jwks_uri } = discovery.parse(await response.json());
    const found = jwks.parse(await (await call(new URL(jwks_uri), { redirect: 'error' })).json());
    const keys = found.keys.map((key) => {
      const { kty, crv, x, kid } = z
        .looseObject({ kty: z.string(), crv: z.string(), x: z.string(), kid: z.string() })
        .parse(key);
      return publicKeySchema.parse({ kty, crv, x, kid });
    });
    const until = new Date(systemClock.wallTime() + keyGraceMs).toISOString();
    // the key that it signs with comes first
    const [current, ...earlier] = keys;
    if (current === undefined) return [];
    return [
      { issuer, audience: 'starling', keys: { current, earlier: earlier.map((key) => ({ key, until })) } },
    ];
  } catch (cause) {
    if (cause instanceof StarlingError) throw cause;
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    const message = `The gateway at ${url} cannot be asked whose tokens it believes: ${why}. Look whether it runs; a consortium's own authority is named with --ca.`;
    throw new StarlingError('gateway-unreachable', message, { cause, details: { url } });
  }
}
