export { type PlaceInput, place } from './place.js';
export type { Consideration, ConsideredArchetype, Part, Placement } from './placement.js';
export type { TableRow } from './refusals.js';
