export { graphOf } from './graph-of.js';
export type { GraphInput } from './panels.js';
export type { Graph } from './style.js';
