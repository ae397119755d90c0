import { z } from 'zod';
import type { Issue } from './issue.js';
import { type StepRole, stepRole } from './step.js';

/** What a provider lets out under an archetype: the finished answer, mergeable partials, or rows. */
export const release = z.enum(['answer', 'partials', 'rows']);
export type Release = z.infer<typeof release>;

/**
 * Which party computes for others: one whose own data is not asked for, one whose data is, or the one that the requester
 * belongs to.
 */
export const computingParty = z.enum(['thirdParty', 'dataProvider', 'requesterHome']);
export type ComputingParty = z.infer<typeof computingParty>;

interface Pattern {
  readonly dataProvider: { readonly roles: readonly StepRole[]; readonly releases: Release };
  readonly computeProvider?: { readonly roles: readonly StepRole[]; readonly receives: Release };
}

/** A role is taken in one place only, but for partials, which are computed at the data and merged elsewhere. */
function contradictions({ dataProvider, computeProvider }: Pattern): Issue[] {
  const issues: Issue[] = [];
  const say = (path: Issue['path'], message: string) => issues.push({ path, message });
  const { roles, releases } = dataProvider;
  if (!roles.includes('dataProvider')) {
    say(['dataProvider', 'roles'], 'the data provider runs the steps next to its data; add dataProvider');
  }
  if (releases === 'rows' && roles.includes('computeProvider')) {
    say(['dataProvider', 'roles'], 'a provider that releases rows does not compute; remove computeProvider');
  }
  if (releases !== 'rows' && !roles.includes('computeProvider')) {
    say(['dataProvider', 'roles'], `a provider that releases ${releases} computes them; add computeProvider`);
  }
  if (computeProvider === undefined) {
    if (releases !== 'answer') {
      say(
        ['dataProvider', 'releases'],
        `nobody receives ${releases}; add computeProvider, or release answer`,
      );
    }
    return issues;
  }
  if (computeProvider.receives !== releases) {
    const message = `the data provider releases ${releases}, but the compute provider receives ${computeProvider.receives}; make them equal`;
    say(['computeProvider', 'receives'], message);
  }
  if (!computeProvider.roles.includes('computeProvider') || computeProvider.roles.includes('dataProvider')) {
    say(['computeProvider', 'roles'], 'the compute provider takes the role computeProvider, and only that');
  }
  return issues;
}

/** A pattern of placement: who runs which roles of steps, and what each lets out. Data, not code. */
export const archetype = z
  .strictObject({
    title: z.string().min(1).max(200),
    description: z.string().max(2_000).exactOptional(),
    weight: z.number().describe('Of the archetypes that are left, the one with the highest weight is taken.'),
    recipient: z
      .literal('dataProvider')
      .exactOptional()
      .describe(
        'Who gets the answer: dataProvider for people alone whose home the data provider is. Default: whoever asks.',
      ),
    dataProvider: z.strictObject({ roles: z.array(stepRole).min(1), releases: release }),
    computeProvider: z
      .strictObject({
        who: computingParty
          .exactOptional()
          .describe(
            'Which of the parties that all agreements let compute: a third party without data in the request, one of the data providers, or the home of the requester. Default: any.',
          ),
        roles: z.array(stepRole).min(1),
        receives: z.enum(['partials', 'rows']),
        releases: z.literal('answer'),
      })
      .exactOptional(),
  })
  .check((context) => {
    for (const { path, message } of contradictions(context.value)) {
      context.issues.push({ code: 'custom', input: context.value, path: [...path], message, continue: true });
    }
  });
export type Archetype = z.infer<typeof archetype>;
