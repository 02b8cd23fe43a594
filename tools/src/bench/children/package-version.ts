import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The installed version of a package, whether or not it lets its package.json be imported.
 * @throws Error if it isn't installed.
 */
export function packageVersion(name: string): string {
  const file = createRequire(import.meta.url)
    .resolve.paths(name)
    ?.map((folder) => join(folder, name, 'package.json'))
    .find((path) => existsSync(path));
  if (file === undefined) throw new Error(`Cannot tell the version of "${name}": run "npm install".`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
