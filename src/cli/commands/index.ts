import type { Command } from 'commander';
import { registerAgreements } from './agreements.js';
import { registerAsk } from './ask.js';
import { registerAudit } from './audit.js';
import { registerBackup } from './backup.js';
import { registerCertificates } from './certificates.js';
import { registerCheck } from './check.js';
import { registerData } from './data.js';
import { registerDoctor } from './doctor.js';
import { registerEnroll } from './enroll.js';
import { registerExplain } from './explain.js';
import { registerHosts } from './hosts.js';
import { registerImport } from './import.js';
import { registerInit } from './init.js';
import { registerJobs } from './jobs.js';
import { registerKeys } from './keys.js';
import { registerParties } from './parties.js';
import { registerQueues } from './queues.js';
import { registerRequests } from './requests.js';
import { registerServe } from './serve.js';
import { registerServices } from './services.js';
import { registerStatus } from './status.js';
import { registerSteps } from './steps.js';
import { registerTasks } from './tasks.js';
import { registerToken } from './token.js';
import { registerUp } from './up.js';
import { registerUpload } from './upload.js';
import { registerUsers } from './users.js';

/** Every command, in the order in which help lists them. */
export const registrations: readonly ((program: Command) => void)[] = [
  registerUp,
  registerAsk,
  registerExplain,
  registerRequests,
  registerJobs,
  registerUpload,
  registerTasks,
  registerQueues,
  registerData,
  registerParties,
  registerAgreements,
  registerSteps,
  registerStatus,
  registerServices,
  registerHosts,
  registerServe,
  registerEnroll,
  registerUsers,
  registerAudit,
  registerToken,
  registerKeys,
  registerCertificates,
  registerBackup,
  registerInit,
  registerImport,
  registerCheck,
  registerDoctor,
];
