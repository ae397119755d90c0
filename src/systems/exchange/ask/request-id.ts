/** Past this time ids would no longer sort: the year 2248. */
const lastMillisecond = 36 ** 8 * 3.1;

/**
 * An id for a request: `r-` and 17 letters and digits. Ids of later requests sort before those of earlier ones, so that
 * a list in key order has the newest first.
 *
 * @param now milliseconds since 1970
 * @param random 8 lower-case hexadecimal digits
 */
export function requestId(now: number, random: string): string {
  const left = Math.floor(lastMillisecond - now)
    .toString(36)
    .padStart(9, '0');
  return `r-${left}${random}`;
}

/** True where `text` has the form of a request id; those of older versions end after 4 random digits. */
export function isRequestId(text: string): boolean {
  return /^r-[0-9a-z]{9}(?:[0-9a-f]{4}){1,2}$/.test(text);
}
