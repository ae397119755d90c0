export { quoteName, quoteText } from './sql-text.js';
