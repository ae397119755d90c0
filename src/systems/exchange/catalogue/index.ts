export { type ApplyReport, type CatalogueOptions, type CatalogueStore, openCatalogue } from './open.js';
export type { AppliedObject, ChangeOptions, KeptObject } from './plan.js';
export type { CatalogueChange, CatalogueLogger } from './snapshot.js';
