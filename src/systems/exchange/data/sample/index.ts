export { generateSample, type SampleOptions } from './generate-sample.js';
export type { AppointmentRow, PersonRow, Sample } from './rows.js';
export { type SampleFiles, writeSample } from './write-sample.js';
