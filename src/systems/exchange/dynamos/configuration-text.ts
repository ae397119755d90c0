import { Document, isMap, isNode } from 'yaml';
import type { ImportedConfiguration } from './to-configuration.js';

/** The longest line of a comment, in characters. */
const width = 118;

/** An imported configuration as the text of a `starling.yaml`, its notes as comments on top and rules to set where they are. */
export function configurationText({ configuration, notes }: ImportedConfiguration, from: string): string {
  const document = new Document(configuration, { aliasDuplicateObjects: false });
  const head = [`Imported from DYNAMOS's files in ${from}.`, ...notes.map((note) => `- ${note}`)];
  document.commentBefore = head.flatMap((note) => wrapped(note)).join('\n');
  for (const party of Object.keys(configuration.agreements)) {
    const relations = document.getIn(['agreements', party, 'relations'], true);
    if (!isMap(relations)) continue;
    for (const { value } of relations.items) {
      const output = isMap(value) ? value.get('output', true) : undefined;
      if (isNode(output)) {
        output.commentBefore =
          ' assumed: DYNAMOS has no such rule; form: aggregates and minimumGroupSize: 10 would protect persons';
      }
    }
  }
  return document.toString({ lineWidth: 120 });
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? ` ${word}` : `   ${word}`);
  }
  return lines;
}
