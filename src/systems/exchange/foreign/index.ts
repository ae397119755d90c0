export { callStep, type StepCall, type StepTraffic } from './call-step.js';
export { type StepAt, type StepFault, stepFailed, stepFaults } from './step-fault.js';
export { arrowStream, contractVersion, type StepCallContext, stepHeaders } from './step-headers.js';
