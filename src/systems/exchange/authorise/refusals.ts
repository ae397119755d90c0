import { StarlingError } from '../../../kernel/errors/index.js';

/** One thing in a statement that is not allowed. */
export interface Refusal {
  readonly kind: 'operator' | 'expression' | 'function' | 'table' | 'column' | 'release';
  /** What it is called in the statement, such as `Personen.Gebdat` or `read_csv`. */
  readonly name: string;
  readonly message: string;
}

/** Collects everything that is wrong with one statement, each thing once, so that it can be put right in one go. */
export class Refusals {
  readonly #byKey = new Map<string, Refusal>();

  add(kind: Refusal['kind'], name: string, message: string): void {
    const key = `${kind}:${name}`;
    if (!this.#byKey.has(key)) this.#byKey.set(key, { kind, name, message });
  }

  get empty(): boolean {
    return this.#byKey.size === 0;
  }

  get list(): readonly Refusal[] {
    return [...this.#byKey.values()];
  }

  /** Throws `statement-refused` naming everything that was added; `details.refused` has it as data. */
  throwIfAny(): void {
    const list = this.list;
    if (list.length === 0) return;
    throw new StarlingError(
      'statement-refused',
      `The statement is refused. ${list.map((r) => r.message).join(' ')}`,
      {
        details: { refused: list },
      },
    );
  }
}
