import { StarlingError } from '../kernel/errors/index.js';
import type { GatewayApp } from './app.js';

/** Takes bodies of `application/json` and no others; an empty one counts as none. */
export function readJsonBodies(app: GatewayApp): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.trim() === '') return done(null, undefined);
    return parse(request, body, (error, value) => {
      if (error === null) done(null, value);
      else done(jsonFault(body));
    });
  });
}

/** Why `text` was not taken as JSON, with the place where the parser of this Node tells one. */
export function jsonFault(text: string): StarlingError {
  try {
    JSON.parse(text);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.replace(/ \(line \d+ column \d+\)$/, '') : '';
    const place = placeOf(reason, text);
    const at = place === undefined ? '' : ` (line ${place.line}, column ${place.column})`;
    return new StarlingError('input-invalid', `The body is not JSON: ${reason}${at}. Correct it.`, {
      ...(place === undefined ? {} : { details: place }),
    });
  }
  return new StarlingError(
    'input-invalid',
    'The body has a field __proto__ or constructor.prototype, which is never taken. Remove it.',
  );
}

/** Line and column from 1; position from 0, in UTF-16 units as V8 counts. */
function placeOf(
  reason: string,
  text: string,
): { position: number; line: number; column: number } | undefined {
  const told = /at position (\d+)/.exec(reason)?.[1];
  const position = told === undefined && /unexpected end/i.test(reason) ? text.length : told;
  if (position === undefined) return undefined;
  const before = text.slice(0, Number(position)).split('\n');
  return { position: Number(position), line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
