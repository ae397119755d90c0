/** Programs of Starling's own that services may name: the words of their commands. */
export const programs: Readonly<Record<string, () => readonly string[]>> = {};
