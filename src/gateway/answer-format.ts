import { StarlingError } from '../kernel/errors/index.js';
import type { AnswerFormat } from '../systems/exchange/index.js';

/** The forms of an answer with their media types; the first is given where none is asked for. */
export const answerFormats = [
  { format: 'json', mediaType: 'application/json' },
  { format: 'csv', mediaType: 'text/csv' },
  { format: 'arrow', mediaType: 'application/vnd.apache.arrow.stream' },
] as const satisfies readonly { readonly format: AnswerFormat; readonly mediaType: string }[];

/**
 * The form to answer in: the one that is named, else the one that the Accept header prefers (RFC 9110, section 12.5.1).
 * Throws `format-unavailable` where there is none.
 */
export function chooseFormat(named: string | undefined, accept: string | undefined): AnswerFormat {
  const found =
    named === undefined
      ? preferred(accept ?? '*/*')
      : answerFormats.find(({ format }) => format === named)?.format;
  if (found !== undefined) return found;
  const asked = named === undefined ? `Accept: ${accept}` : `format=${named}`;
  const forms = answerFormats.map(({ format, mediaType }) => `${format} (${mediaType})`).join(', ');
  throw new StarlingError(
    'format-unavailable',
    `An answer is not given as ${asked}. Ask for one of ${forms}.`,
    {
      details: { formats: answerFormats.map(({ format }) => format) },
    },
  );
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function preferred(accept: string): AnswerFormat | undefined {
  const ranges = accept.split(',').map(parseRange);
  let best: { readonly format: AnswerFormat; readonly quality: number } | undefined;
  for (const { format, mediaType } of answerFormats) {
    const quality = qualityOf(mediaType, ranges);
    if (quality > (best?.quality ?? 0)) best = { format, quality };
  }
  return best?.format;
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const value = quality === undefined ? 1 : Number(quality);
  return { type, quality: value >= 0 && value <= 1 ? value : 0 };
}

/** By the most specific range that fits. */
function qualityOf(mediaType: string, ranges: readonly Range[]): number {
  for (const wanted of [mediaType, `${mediaType.split('/')[0]}/*`, '*/*']) {
    const range = ranges.find(({ type }) => type === wanted);
    if (range !== undefined) return range.quality;
  }
  return 0;
}
