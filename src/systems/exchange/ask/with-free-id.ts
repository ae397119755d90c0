import { isIdTaken } from './request-store.js';

/** Asks under an id drawn at random: one that another gateway has drawn as well is drawn again. */
export async function withFreeId<Asked>(ask: () => Promise<Asked>): Promise<Asked> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isIdTaken(error)) throw error;
    }
  }
}
