export { WorkInHand } from './work-in-hand.js';
