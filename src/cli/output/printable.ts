/** Every control character but the line feed, and the marks that break lines or turn the direction of text around. */
const unprintable = /(?!\n)\p{Cc}|[\u2028-\u202e\u2066-\u2069]/gu;

/** `text` with each control character written out, as in `\x1b`: what others send must not steer the terminal. */
export function printableText(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.charCodeAt(0);
    if (character === '\t') return ' ';
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });
}

/** A copy of plain JSON data, with every text in it printable. */
export function printable<Value>(value: Value): Value;
export function printable(value: unknown): unknown {
  if (typeof value === 'string') return printableText(value);
  if (Array.isArray(value)) return value.map((item) => printable(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [printableText(key), printable(item)]),
  );
}
