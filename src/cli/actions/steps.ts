import { StarlingError } from '../../kernel/errors/index.js';
import { readConfigurationFile } from '../../systems/exchange/configuration/index.js';
import { isForeign, unknownName } from '../../systems/exchange/model/index.js';
import { apiPath } from '../client/api-client.js';
import type { PageView } from '../client/views.js';
import { type StepView, stepCheckPage, stepPage, stepsPage } from '../output/steps-page.js';
import type { Session } from '../session.js';
import { readInput } from './read-input.js';

/** `starling steps list`. */
export async function listSteps(session: Session): Promise<void> {
  const page = await session.client().json<PageView<StepView>>('/steps');
  session.show(page, ({ items }) => stepsPage(items, session.terminal));
}

/** `starling steps show`. */
export async function showStep(session: Session, name: string): Promise<void> {
  const step = await session.client().json<StepView>(apiPath('steps', name));
  session.show(step, (shown) => stepPage(shown, session.terminal));
}

/** `starling steps check`: calls a foreign step from here, as the agent would, with made-up rows. */
export async function tryStep(
  session: Session,
  name: string,
  { config, tokenFile }: { readonly config: string; readonly tokenFile?: string },
): Promise<void> {
  const { steps } = await readConfigurationFile(config);
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (step === undefined) throw unknownName(Object.keys(steps), name, 'step', 'unknown-step');
  if (!isForeign(step)) {
    const message = `Step ${name} is built in, so there is nothing to call. Name a foreign step.`;
    throw new StarlingError('input-invalid', message, { details: { step: name } });
  }
  const token = tokenFile === undefined ? undefined : (await readInput(tokenFile)).trim();
  const { checkStep } = await import('../../systems/exchange/step-check.js');
  session.show(await checkStep(name, step, token), stepCheckPage);
}
