/** A question that is asked again and again; the providers of an answer decide which figures are right. */
export interface Question {
  readonly name: string;
  readonly body: {
    readonly dataProviders: readonly Provider[];
    /** Left out: any that is allowed. */
    readonly archetype?: string;
    readonly allowPartial?: true;
  };
}

/** Whose data is asked for. */
export const providers = ['VU', 'UVA'] as const;
export type Provider = (typeof providers)[number];

/** Each way of computing over two providers, those that do with one of them, and questions to a single one. */
export const questions: readonly Question[] = [
  { name: 'own', body: { dataProviders: providers, archetype: 'computeToData' } },
  { name: 'merged', body: { dataProviders: providers, archetype: 'federatedAggregate' } },
  { name: 'rows', body: { dataProviders: providers, archetype: 'dataThroughTtp' } },
  {
    name: 'partial',
    body: { dataProviders: providers, archetype: 'dataThroughTtp', allowPartial: true },
  },
  {
    name: 'partial merge',
    body: { dataProviders: providers, archetype: 'federatedAggregate', allowPartial: true },
  },
  { name: 'VU alone', body: { dataProviders: ['VU'], archetype: 'computeToData' } },
  { name: 'UVA alone', body: { dataProviders: ['UVA'] } },
];

/** The question of a name. */
export function questionOf(name: string | undefined): Question {
  const question = questions.find((one) => one.name === name);
  if (question === undefined) throw new Error(`There is no question ${name}.`);
  return question;
}

/** Whether what an agreement allows, by the names of archetypes, is enough for a question. */
export function isAllowed({ body: { archetype } }: Question, allowed: readonly string[]): boolean {
  return archetype === undefined ? allowed.length > 0 : allowed.includes(archetype);
}
