/**
 * The server on Deno, from the root of the repository and after `npx nx run viewer:build`:
 *
 *     deno serve --allow-net --allow-read --port 4317 packages/viewer/src/server/deno.ts --runs=runs
 *
 * The port and the address to listen on are Deno's own flags, before the file's name. What they are isn't told here, so
 * hosts other than this machine are answered for only where `--allow-host` names them.
 */
import { join, resolve } from 'node:path';
import process from 'node:process';
import { createApp } from './app.ts';
import { folderTree } from './folder-tree.ts';
import { hostRule } from './host-rule.ts';
import { openBuild } from './open-build.ts';
import { ServeError } from './serve-error.ts';
import { parseRunOptions, type RunOptions } from './serve-options.ts';

function readOptions(): RunOptions {
  try {
    return parseRunOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof ServeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
}

const { runs, allowedHosts } = readOptions();
const app = createApp({
  ...openBuild(join(import.meta.dirname, '../../dist')),
  runs: folderTree(resolve(runs)),
  allowsHost: hostRule('localhost', allowedHosts),
  now: Date.now,
  // Deno ends streams itself when it is told to stop.
  closing: new AbortController().signal,
  report: (error) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  },
});

export default app;
