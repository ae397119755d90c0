import { styleText } from 'node:util';

/** What a text can be marked as: a heading, a side remark, good, doubtful or bad. */
export type Tone = 'heading' | 'aside' | 'good' | 'doubtful' | 'bad';

/** Marks a text for people; what it does depends on what the text is written to. */
export type Paint = (tone: Tone, text: string) => string;

const formats = {
  heading: 'bold',
  aside: 'dim',
  good: 'green',
  doubtful: 'yellow',
  bad: 'red',
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>;

/** Leaves every text as it is. */
export const plain: Paint = (_tone, text) => text;

/** Marks texts by colours of the terminal. */
export const coloured: Paint = (tone, text) => styleText(formats[tone], text, { validateStream: false });

/** Colours for a terminal, unless the environment says `NO_COLOR` (https://no-color.org) or `TERM=dumb`. */
export function paintFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Paint {
  const wanted = (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  return isTerminal && wanted ? coloured : plain;
}
