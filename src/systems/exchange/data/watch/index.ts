export { type WatchSourcesOptions, watchSources } from './watch-sources.js';
