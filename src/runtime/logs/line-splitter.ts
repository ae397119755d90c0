import { StringDecoder } from 'node:string_decoder';

/** The longest line that is kept as one, in characters; a longer one becomes several. */
export const longestLine = 16_384;

/** Takes the bytes of a stream apart into lines, however they are cut into chunks; what is no UTF-8 shows as U+FFFD. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The lines that `chunk` completes. */
  push(chunk: Buffer): string[] {
    return this.#take(this.#rest + this.#decoder.write(chunk));
  }

  /** What is left when the stream has ended: a line without its end, or nothing. */
  end(): string[] {
    const lines = this.#take(this.#rest + this.#decoder.end());
    return this.#rest === '' ? lines : [...lines, this.#rest];
  }

  #take(text: string): string[] {
    const lines = text.split('\n');
    let rest = lines.pop() ?? '';
    const whole = lines.flatMap((line) => pieces(line.endsWith('\r') ? line.slice(0, -1) : line));
    while (rest.length > longestLine) {
      whole.push(rest.slice(0, longestLine));
      rest = rest.slice(longestLine);
    }
    this.#rest = rest;
    return whole;
  }
}

function pieces(line: string): string[] {
  if (line.length <= longestLine) return [line];
  return [line.slice(0, longestLine), ...pieces(line.slice(longestLine))];
}
