/** A call as its client recorded it. Times are milliseconds of the machine's monotonic clock, the same for all processes. */
export interface Call<Asked, Answer> {
  readonly client: string;
  readonly asked: Asked;
  readonly calledAt: number;
  /** Left out where the outcome is unknown: the call may have its effect at any later time, or never. */
  readonly returned?: { readonly at: number; readonly answer: Answer };
}

/** A call in a line, as a report shows it: `12.250–12.261 client-1 {…} → {…}`, in seconds since `origin`. */
export function callLine({ client, asked, calledAt, returned }: Call<unknown, unknown>, origin = 0): string {
  const seconds = (at: number) => ((at - origin) / 1_000).toFixed(3);
  const end = returned === undefined ? '?' : seconds(returned.at);
  const answer = returned === undefined ? 'unknown' : JSON.stringify(returned.answer);
  return `${seconds(calledAt)}–${end} ${client} ${JSON.stringify(asked)} → ${answer}`;
}
