export { foldedName, quoteName, quoteText } from './sql-text.js';
