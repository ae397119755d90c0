/** One event of a stream of server-sent events. */
export interface ServerSentEvent {
  /** The last id that the stream gave; empty where it gave none. */
  readonly id: string;
  /** `message` where the stream names no type. */
  readonly type: string;
  readonly data: string;
}

/**
 * Takes the text of a stream apart into events, however it is cut into chunks. An event that the stream breaks off in
 * is left out, as the standard wants it.
 *
 * Source: WHATWG HTML, section 9.2.6, "Interpreting an event stream".
 */
export class ServerSentEventParser {
  #rest = '';
  #started = false;
  #id = '';
  #type = '';
  #data: string[] = [];

  /** The events that `chunk` completes. */
  push(chunk: string): ServerSentEvent[] {
    let text = this.#rest + chunk;
    if (!this.#started && text !== '') {
      this.#started = true;
      if (text.startsWith('\uFEFF')) text = text.slice(1);
    }
    // a \r at the end may be the first half of \r\n
    const held = text.endsWith('\r') ? 1 : 0;
    const lines = text.slice(0, text.length - held).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? '') + text.slice(text.length - held);
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): ServerSentEvent | undefined {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.#data.push(value);
    if (field === 'event') this.#type = value;
    if (field === 'id' && !value.includes('\0')) this.#id = value;
    return undefined;
  }

  #dispatch(): ServerSentEvent | undefined {
    const event = { id: this.#id, type: this.#type || 'message', data: this.#data.join('\n') };
    const empty = this.#data.length === 0;
    this.#type = '';
    this.#data = [];
    return empty ? undefined : event;
  }
}

/** The events of a response's body. Ends with the body; throws what reading the body throws. */
export async function* serverSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  const parser = new ServerSentEventParser();
  for await (const bytes of body) yield* parser.push(decoder.decode(bytes, { stream: true }));
}
