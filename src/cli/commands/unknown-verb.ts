import type { Command } from 'commander';
import { StarlingError } from '../../kernel/errors/index.js';
import { nearestNote } from '../../systems/exchange/model/nearest-name.js';

/**
 * For the verb that a noun has where none is given: throws `input-invalid` where there is a word behind the noun, since
 * that was meant as a verb which the noun does not have.
 */
export function refuseUnknownVerb(command: Command): void {
  const [word] = command.args;
  const noun = command.parent;
  if (word === undefined || noun === null) return;
  const verbs = noun.commands.map((verb) => verb.name());
  const message = `\`starling ${noun.name()}\` has no verb ${word}${nearestNote(word, verbs)}; it has ${verbs.join(', ')}.`;
  throw new StarlingError('input-invalid', message, { details: { word, verbs } });
}
