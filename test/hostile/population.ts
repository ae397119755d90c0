/** One of the hostile party's persons, as its tables have them on each of two dates. */
export interface Person {
  readonly unit: number;
  readonly sex: string;
  readonly born: number;
  readonly country: string;
  readonly scale: number;
  readonly kind: string;
}

/** The persons of the hostile party, made anew: figures are held against these, not against another query. */
export const people: readonly Person[] = Array.from({ length: 60 }, (_, i) => {
  const unit = i + 1;
  return {
    unit,
    sex: unit % 15 === 0 ? 'X' : unit % 2 === 0 ? 'V' : 'M',
    born: 19400100 + unit,
    country: unit % 3 === 0 ? 'BE' : 'NL',
    scale: unit === 7 ? 777 : (unit % 5) + 1,
    kind: unit % 4 === 0 ? 'HO' : 'WO',
  };
});

/** The average scale of some persons, and the rows that it is of: two for each. */
export function averageOf(keep: (person: Person) => boolean): { average: number; rows: number } {
  const kept = people.filter(keep);
  const sum = kept.reduce((total, { scale }) => total + scale, 0);
  return { average: sum / kept.length, rows: 2 * kept.length };
}
