import { headers, type MsgHdrs } from '@nats-io/transport-node';

const messageIdHeader = 'Nats-Msg-Id';
const idHeader = 'Starling-Id';
const sequenceHeader = 'Starling-Sequence';

/** What is known of a message besides its body. */
export interface MessageHeaders {
  /** What the publisher called it. */
  readonly id?: string | undefined;
  /** The sequence that it had before it was a dead letter. */
  readonly sequence?: number | undefined;
}

/** The headers of a message; `messageId` is what the server knows it again by. */
export function messageHeaders({
  messageId,
  id,
  sequence,
}: MessageHeaders & { readonly messageId: string }): MsgHdrs {
  const fields = headers();
  fields.set(messageIdHeader, messageId);
  // as JSON it has no line ends, and lone surrogates stay what they are
  if (id !== undefined) fields.set(idHeader, JSON.stringify(id));
  if (sequence !== undefined) fields.set(sequenceHeader, String(sequence));
  return fields;
}

/** What the server knows a message again by that its publisher gave an id. */
export function messageIdOf(id: string): string {
  return `id-${JSON.stringify(id)}`;
}

export function readMessageHeaders(fields: MsgHdrs | undefined): MessageHeaders {
  const id = fields?.get(idHeader) ?? '';
  const sequence = fields?.get(sequenceHeader) ?? '';
  return {
    ...(id === '' ? {} : { id: String(JSON.parse(id)) }),
    ...(sequence === '' ? {} : { sequence: Number(sequence) }),
  };
}
