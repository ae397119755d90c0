import { type Configuration, readConfigurationFile } from '../../systems/exchange/configuration/index.js';
import { listText } from '../output/figures.js';
import { table } from '../output/table.js';
import type { Session } from '../session.js';

/** `starling check`: reads a configuration, which throws every fault at once, and tells what is in it. */
export async function check(session: Session, file: string): Promise<void> {
  const configuration = await readConfigurationFile(file);
  const contents = configurationContents(configuration);
  session.show({ file, valid: true, ...contents }, () => checkPage(file, configuration));
}

/** The names of all objects, by kind. */
export function configurationContents(
  configuration: Configuration,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(configuration).map(([kind, objects]) => [kind, Object.keys(objects)]),
  );
}

/** What is in a valid configuration, for people. */
export function checkPage(file: string, configuration: Configuration): string {
  const { parties, dataSets, agreements, archetypes, requestTypes, steps } = configuration;
  const providers = Object.entries(dataSets).map(
    ([name, { sources }]) => `${name} (${listText(Object.keys(sources)) || 'nobody offers it'})`,
  );
  const allowed = Object.entries(agreements).map(
    ([party, { relations }]) => `${party}: ${Object.keys(relations).join(', ') || 'nobody'}`,
  );
  const rows = [
    ['parties', Object.keys(parties).join(', ')],
    ['data sets', providers.join(', ')],
    ['agreements', allowed.join('\n')],
    ['archetypes', Object.keys(archetypes).join(', ')],
    ['request types', Object.keys(requestTypes).join(', ')],
    ['steps', Object.keys(steps).join(', ')],
  ];
  return `${file} is valid.\n\n${table(['', ''], rows, { indent: 2 })}`;
}
