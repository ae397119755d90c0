// Prints `N passed, N failed, N skipped` from vitest's JSON report, and fails where anything failed or nothing ran.
import { existsSync, readFileSync } from 'node:fs';

const [path] = process.argv.slice(2);

if (path === undefined || !existsSync(path)) {
  console.error('The tests were not reached: see the first error above.');
  console.log('0 passed, 0 failed, 0 skipped');
  process.exit(1);
}

const report = JSON.parse(readFileSync(path, 'utf8'));
// A file that fails while it is loaded holds no test that could be counted as failed.
const brokenFiles = report.testResults.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
);
for (const file of brokenFiles) console.error(`Failed outside of its tests: ${file.name}`);

const passed = report.numPassedTests;
const failed = report.numFailedTests + brokenFiles.length;
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 || !report.success ? 1 : 0);
