import { StarlingError } from '../../../kernel/errors/index.js';
import { clockToleranceMs } from '../../../kernel/identity/index.js';
import { capacitySchema, hostNameSchema, type Registration } from '../contract.js';

/** Asserts that a host of that name can come with it; `now` is the wall time here. Throws `input-invalid` and `clock-skewed`. */
export function assertUsable(
  name: string,
  { capacity, identity, wallTime }: Registration,
  now: number,
): void {
  for (const [what, value, schema] of [
    ['name', name, hostNameSchema],
    ['capacity', capacity, capacitySchema],
  ] as const) {
    if (schema.safeParse(value).success) continue;
    const advice =
      what === 'name'
        ? 'Give 1 to 63 of a-z, 0-9, . and -, a letter or digit first'
        : 'Give a whole number from 1 to 1000';
    throw new StarlingError('input-invalid', `A host cannot have the ${what} ${value}. ${advice}.`);
  }
  if (!/^[\w-]{20,200}$/.test(identity))
    throw new StarlingError(
      'input-invalid',
      'The identity of a host is 20 to 200 of A-Z, a-z, 0-9, _ and -.',
    );
  const offMs = wallTime - now;
  if (Math.abs(offMs) <= clockToleranceMs) return;
  const how = `${Math.round(Math.abs(offMs) / 1000)} s ${offMs > 0 ? 'ahead of' : 'behind'}`;
  const message = `The clock of the host ${name} is ${how} that of this gateway (${new Date(now).toISOString()}). Have the clock set on the machine that is wrong; the host tries again by itself.`;
  throw new StarlingError('clock-skewed', message, { details: { host: name, offMs: Math.round(offMs) } });
}
