/**
 * Prints the browser that tests, screenshots and benchmarks use, and where it is from.
 *
 *   npx nx run viewer:find-browser
 */
import { findBrowser } from './find-browser.ts';

try {
  const { executablePath, source, version, env } = await findBrowser();
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  process.stdout.write([`${version} (from ${source})`, ...variables, executablePath, ''].join('\n'));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
