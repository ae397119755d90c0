import { z } from 'zod';
import { partyId } from '../../model/names.js';
import { linkLimits } from './limits.js';
import { chainOutcome, phase, rowsSources } from './outcome-values.js';
import { errorRecord } from './plain-values.js';
import { agentStatus } from './status-values.js';
import { agentAudit, agreementChange, auditQuery, order, signedAgreement } from './values.js';

const nonce = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const kid = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const jws = z.string().max(4096);
const keyChanges = z.array(jws).max(linkLimits.keyChanges);
const call = z.int().min(1).max(0xffff_ffff);
const bytes = z.int().min(0);

/** The first word: which party this is, and with which key. `boot` stands for the agent's process. */
export const hello = z.strictObject({
  type: z.literal('hello'),
  protocol: z.int(),
  party: partyId,
  key: kid,
  nonce,
  boot: nonce,
});

/** The gateway's answer: proof that it holds its key, and how it came to that key. */
export const challenge = z.strictObject({ type: z.literal('challenge'), proof: jws, keyChanges });

/** The agent's proof, bound to the challenge, and how it came to its key. */
export const proof = z.strictObject({ type: z.literal('proof'), proof: jws, keyChanges });

/** What the gateway still waits for of an earlier stream, and what it has of it. */
export const waiting = z.strictObject({ call, bytes, phases: z.int().min(0) });

/** The agent is known; `boot` stands for the gateway's process. */
export const welcome = z.strictObject({
  type: z.literal('welcome'),
  session: z.string().max(64),
  boot: nonce,
  waiting: z.array(waiting).max(linkLimits.calls),
});

/** What the agent holds of what the gateway waits for. */
export const ready = z.strictObject({
  type: z.literal('ready'),
  held: z.array(call).max(linkLimits.calls),
  status: agentStatus,
});

/** Why a stream ends: `replaced` by another of the same party, `renewed` keys ask for a new one, or what went wrong. */
export const goodbye = z.strictObject({
  type: z.literal('goodbye'),
  why: z.enum(['refused', 'replaced', 'renewed', 'closing']),
  error: errorRecord,
});
export type Goodbye = z.infer<typeof goodbye>;

/** What a gateway asks of an agent. */
export const question = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('execute'), order }),
  z.strictObject({ kind: z.literal('changeAgreement'), change: agreementChange }),
  z.strictObject({ kind: z.literal('audit'), query: auditQuery }),
]);
export type Question = z.infer<typeof question>;

/** What came of it. `rows` binds the rows that came beside it: how many bytes, and their SHA-256 in base64url. */
export const outcome = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('execute'),
    value: chainOutcome,
    rows: z.strictObject({ bytes, sha256: z.string() }).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('changeAgreement'), value: signedAgreement }),
  z.strictObject({ kind: z.literal('audit'), value: agentAudit }),
  z.strictObject({ kind: z.literal('error'), error: errorRecord }),
]);
export type Outcome = z.infer<typeof outcome>;

/** Messages of a gateway to an agent that is ready. */
export const toAgent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), call, question }),
  z.strictObject({ type: z.literal('cancel'), call }),
  /** So many bytes of its rows were read. */
  z.strictObject({ type: z.literal('read'), call, bytes }),
  /** Who sent it rows; may come again over another stream. */
  z.strictObject({ type: z.literal('sources'), call, sources: rowsSources }),
  /** Its outcome was received and may be forgotten. */
  z.strictObject({ type: z.literal('received'), call }),
  /** Where each gateway of the consortium is to be dialled, and this one; told where gateways know of each other. */
  z.strictObject({
    type: z.literal('gateways'),
    self: z.url(),
    all: z.array(z.url()).max(linkLimits.gateways),
  }),
]);
export type ToAgent = z.infer<typeof toAgent>;

/** The gateways of the consortium, as one of them, `self`, tells of them. */
export type ToldGateways = Pick<Extract<ToAgent, { type: 'gateways' }>, 'self' | 'all'>;

/** The call that a message is about, whatever else is in it. */
export const namedCall = z.looseObject({ type: z.literal('outcome'), call });

/** Messages of an agent to its gateway once it is ready; rows come in frames of their own. */
export const toGateway = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('status'), status: agentStatus }),
  z.strictObject({ type: z.literal('progress'), call, phase }),
  z.strictObject({ type: z.literal('outcome'), call, outcome }),
]);
export type ToGateway = z.infer<typeof toGateway>;
