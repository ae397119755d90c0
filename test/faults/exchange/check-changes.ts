import type { Problem } from '../../lab/report.js';
import type { ExchangeHistory } from './history.js';
import { providers } from './questions.js';

/** Every change that was acknowledged is there once, none twice, and none that was refused or is nobody's. */
export function checkChanges({ changes, versions }: ExchangeHistory): Problem[] {
  return providers.flatMap((provider) => {
    const made = versions[provider];
    const name = (number: number) => `change ${number} of the agreement of ${provider}`;
    const problems: Problem[] = [];
    for (const { number, ending } of changes.filter((one) => one.provider === provider)) {
      const times = made.filter((one) => one === number).length;
      if (times > 1) problems.push({ kind: 'doubled', text: `${name(number)} was made ${times} times` });
      if (times === 0 && ending === 'acknowledged')
        problems.push({ kind: 'lost', text: `${name(number)} was acknowledged, and never made` });
      if (times > 0 && (ending === 'refused' || ending === 'absent'))
        problems.push({ kind: 'wrong', text: `${name(number)} was refused, and made all the same` });
    }
    if (made.includes(-1))
      problems.push({ kind: 'wrong', text: `an agreement of ${provider} is none that its owner put` });
    return problems;
  });
}
