import { clockToleranceMs } from '../../../../kernel/identity/index.js';

/** Version of the protocol; the two ends must speak the same. */
export const linkProtocol = 1;

/** Where an agent asks for a stream, below the gateway's address. */
export const linkPath = '/api/v1/agents/link';

/**
 * What bounds the stream. A message is cut into frames that are small enough for an unknown peer, so that nobody can
 * make the other end hold much before it is known who it is.
 */
export const linkLimits = {
  /** Bytes of one frame, its header included. */
  frameBytes: 64 * 1024,
  /** Bytes of one message before the peer has proven who it is: enough to name every call that is waited for. */
  greetingBytes: 96 * 1024,
  /** Bytes of one message afterwards: an order with its inputs, or what came of it. */
  messageBytes: 32 * 1024 * 1024,
  /** Bytes that may wait to be sent to a peer that does not read. */
  unsentBytes: 96 * 1024 * 1024,
  /** Bytes of rows of one order that are under way and not read yet. */
  rowWindowBytes: 1024 * 1024,
  /** Orders and questions in hand at one agent. */
  calls: 1024,
  /** What is told of the progress of one order. */
  phases: 64,
  /** Changes of keys that one end shows the other, which may have been away for some. */
  keyChanges: 8,
  /** Gateways of one consortium. */
  gateways: 64,
  /** Streams that are being greeted at the same time: in all, and from one address. */
  greetings: 128,
  greetingsOfAddress: 64,
  /** Milliseconds within which both ends know each other. */
  greetingMs: 10_000,
  /** Milliseconds between signs of life, and after how many without one the peer counts as gone. */
  pingMs: 5_000,
  deadMs: 15_000,
  /** Milliseconds after which an agent stops what it has in hand for a gateway that stays away. */
  orphanMs: 60_000,
  /** Milliseconds that the two clocks may differ. */
  clockMs: clockToleranceMs,
} as const;
