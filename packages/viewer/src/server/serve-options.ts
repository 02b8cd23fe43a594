import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ServeError } from './serve-error.ts';

/** Which runs to show, and to whom. */
export interface RunOptions {
  /** Folder whose folders are runs and sweeps. */
  readonly runs: string;
  /** Hosts to answer for beside this machine. */
  readonly allowedHosts: readonly string[];
}

/** How to serve, see `serveHelp`. */
export interface ServeOptions extends RunOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** Address or name to listen on. */
  readonly host: string;
}

const defaults = { port: 4317, host: '127.0.0.1', runs: 'runs' } as const;

/** What `--help` prints. */
export const serveHelp = `Serves the viewer: draw, reconstruct, classify, explore and verify, in the browser.

  npx nx serve viewer                     with the runs in ${defaults.runs}, on this machine alone
  npx nx serve viewer --runs=/data/runs   with the runs of another folder
  npx nx serve viewer --port=8080         on another port

Options
  --runs FOLDER       folder whose folders are runs and sweeps [default ${defaults.runs}]
  --port NUMBER       port to listen on, 0 for any that is free [0 to 65,535; default ${defaults.port}]
  --host ADDRESS      address to listen on; 0.0.0.0 lets other machines in [default ${defaults.host}]
  --allow-host NAME   answer for this host, such as a proxy's, beside localhost; may be given again;
                      without one, --host 0.0.0.0 answers for any name
  --help              print this
`;

const runFlags = { runs: { type: 'string' }, 'allow-host': { type: 'string', multiple: true } } as const;
const serveFlags = {
  ...runFlags,
  port: { type: 'string' },
  host: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/**
 * Reads the command line.
 *
 * @param argv arguments without the command
 * @returns the options, or that help is asked for
 * @throws ServeError (exit code 2) for an option or value that there is not: the rule, the value and the fix.
 */
export function parseServeOptions(argv: readonly string[]): ServeOptions | 'help' {
  const values = parseFlags(argv, serveFlags);
  if (values.help === true) return 'help';
  const { host = defaults.host, port: portText = String(defaults.port) } = values;
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : Infinity;
  if (port > 65_535) {
    const rule = 'it takes a whole number from 0 to 65,535';
    throw usageError(`Cannot use --port: ${rule}, not "${portText}": write for example --port=8080.`);
  }
  if (!/^[\w.:%-]+$/.test(host)) {
    const rule = 'it takes an address or name';
    throw usageError(`Cannot use --host: ${rule}, not "${host}": write for example --host=0.0.0.0.`);
  }
  return { port, host, ...runOptions(values) };
}

/**
 * Reads the command line where the runtime itself listens: `--runs` and `--allow-host` alone.
 *
 * @throws ServeError (exit code 2) as `parseServeOptions` does.
 */
export function parseRunOptions(argv: readonly string[]): RunOptions {
  return runOptions(parseFlags(argv, runFlags));
}

function runOptions({
  runs = defaults.runs,
  'allow-host': allowedHosts = [],
}: {
  runs?: string | undefined;
  'allow-host'?: readonly string[] | undefined;
}): RunOptions {
  if (runs === '') {
    throw usageError(
      `Cannot use --runs: it takes a folder, not "": write for example --runs=${defaults.runs}.`,
    );
  }
  const wrong = allowedHosts.find((name) => !/^[\w.-]+$/.test(name));
  if (wrong !== undefined) {
    const rule = 'it takes a name without port';
    throw usageError(
      `Cannot use --allow-host: ${rule}, not "${wrong}": write for example --allow-host=narrows.example.`,
    );
  }
  return { runs, allowedHosts };
}

function parseFlags<Flags extends NonNullable<ParseArgsConfig['options']>>(
  argv: readonly string[],
  flags: Flags,
) {
  try {
    return parseArgs({ args: [...argv], options: flags }).values;
  } catch (error) {
    // The first of its sentences says what is wrong, the others are about its own syntax.
    const [what] = (error instanceof Error ? error.message : String(error)).split(/\.?\n|\. /);
    const names = Object.keys(flags).map((name) => `--${name}`);
    throw usageError(`Cannot serve: ${what}. Options are ${names.join(', ')}.`);
  }
}

function usageError(message: string): ServeError {
  return new ServeError(message, { exitCode: 2 });
}
