export { applyFilter, type FilteredImage, type ImageLimits } from './apply-filter.js';
export { checkFilter, type FilterName, filters, isFilterName } from './filter-catalogue.js';
