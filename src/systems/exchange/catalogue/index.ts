export { AgreementCopies, type AgreementCopiesOptions } from './agreement-copies.js';
export {
  type AllowChanges,
  type ApplyReport,
  type CatalogueOptions,
  type CatalogueStore,
  openCatalogue,
  type TakenAgreement,
} from './open.js';
export type { AppliedObject, ChangeOptions, KeptObject } from './plan.js';
export type { CatalogueChange, CatalogueLogger } from './snapshot.js';
