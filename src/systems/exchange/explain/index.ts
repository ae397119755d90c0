export { explain } from './explain.js';
export type { Explanation, ProviderExplanation } from './explanation.js';
