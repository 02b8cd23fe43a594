/**
 * The server on Node, which `npx nx serve viewer` starts:
 *
 *     npx nx serve viewer [--port 4317] [--host 127.0.0.1] [--runs runs]
 *
 * A failure that its user can mend is one line on stderr: exit code 2 for a command line that asks for the impossible, 1
 * for the rest. SIGINT and SIGTERM end it with 0.
 */
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { ApiError } from '../contract/api.ts';
import { createApp } from './app.ts';
import { folderTree } from './folder-tree.ts';
import { hostRule, isLoopback } from './host-rule.ts';
import { openBuild } from './open-build.ts';
import { securityHeaders } from './security-headers.ts';
import { ServeError } from './serve-error.ts';
import { parseServeOptions, serveHelp, type ServeOptions } from './serve-options.ts';

/** How long answers that are under way may take when the server ends. */
const graceMs = 1000;

function main(argv: readonly string[]): void {
  const options = parseServeOptions(argv);
  if (options === 'help') process.stdout.write(serveHelp);
  else serve(options);
}

function serve({ port, host, runs, allowedHosts }: ServeOptions): void {
  const closing = new AbortController();
  const app = createApp({
    ...openBuild(join(import.meta.dirname, '../../dist')),
    runs: folderTree(resolve(runs)),
    allowsHost: hostRule(host, allowedHosts),
    now: Date.now,
    closing: closing.signal,
    report: (error) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    },
  });
  // What is no request at all doesn't reach the app.
  const badRequest = (): Response =>
    Response.json(
      { error: 'Cannot answer: that is no request with an address and a host.' } satisfies ApiError,
      { status: 400, headers: securityHeaders },
    );
  const listener = getRequestListener(app.fetch, { errorHandler: badRequest });
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));

  server.once('error', (error: NodeJS.ErrnoException) => {
    fail(listenError(error, { port, host }));
  });
  server.listen(port, host, () => {
    const address = server.address();
    const at = typeof address === 'object' && address !== null ? address.port : port;
    process.stdout.write(
      `Narrows is at http://${host.includes(':') ? `[${host}]` : host}:${at}/ (runs of ${resolve(runs)})\n`,
    );
    if (!isLoopback(host)) {
      process.stdout.write(
        'Other machines can reach it. Over plain http their browsers run models in a single thread: they share memory ' +
          'between threads only on pages from https or the own machine.\n',
      );
    }
  });

  function stop(): void {
    closing.abort();
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), graceMs).unref();
  }
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

const noAddress = ['this machine has no such address', 'name one of its own with --host'] as const;
/** Why a server can't listen and what to do, by the system's code. */
const listenProblems: Readonly<Record<string, readonly [why: string, remedy: string] | undefined>> = {
  EADDRINUSE: ['another program has it', 'stop that, or name another with --port, 0 for any that is free'],
  EACCES: ['the system keeps it for its own', 'name one above 1023 with --port'],
  EADDRNOTAVAIL: noAddress,
  ENOTFOUND: noAddress,
  EAI_AGAIN: noAddress,
};

function listenError(
  error: NodeJS.ErrnoException,
  { port, host }: { port: number; host: string },
): ServeError {
  const [why, remedy] = listenProblems[error.code ?? ''] ?? [
    error.message,
    'name another with --port or --host',
  ];
  return new ServeError(`Cannot listen on port ${port} of ${host}: ${why}: ${remedy}.`);
}

function fail(error: unknown): void {
  if (!(error instanceof ServeError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}

try {
  main(process.argv.slice(2));
} catch (error) {
  fail(error);
}
