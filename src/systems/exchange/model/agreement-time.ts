import { z } from 'zod';

const dayMs = 86_400_000;
const isoDate = z.iso.date();
const isoTime = z.iso.datetime({ offset: true });

const isDate = (text: string): boolean => isoDate.safeParse(text).success;

/** True for an ISO 8601 date, or a time with its zone. */
export function isAgreementTime(text: string): boolean {
  return isDate(text) || isoTime.safeParse(text).success;
}

/** The first moment that `text` covers, in milliseconds since 1970; a bare date starts at 00:00 UTC. */
export function startOf(text: string): number {
  return Date.parse(text);
}

/** The moment after the last one that `text` covers, in milliseconds since 1970; a bare date counts whole. */
export function endOf(text: string): number {
  return isDate(text) ? Date.parse(text) + dayMs : Date.parse(text);
}
