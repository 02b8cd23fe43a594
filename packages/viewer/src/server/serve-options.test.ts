import { describe, expect, test } from 'vitest';
import { parseRunOptions, parseServeOptions } from './serve-options.ts';
import { ServeError } from './serve-error.ts';

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ServeError)) throw error;
    expect(error.exitCode).toBe(2);
    expect(error.message).not.toMatch(/\p{Cc}/u);
    return error.message;
  }
  throw new Error('It was not refused.');
}

describe('the command line', () => {
  test('without options', () => {
    expect(parseServeOptions([])).toEqual({ port: 4317, host: '127.0.0.1', runs: 'runs', allowedHosts: [] });
  });

  test('with all of them', () => {
    expect(
      parseServeOptions([
        '--port',
        '0',
        '--host=::1',
        '--runs=/data/my runs',
        '--allow-host=a.example',
        '--allow-host=b',
      ]),
    ).toEqual({ port: 0, host: '::1', runs: '/data/my runs', allowedHosts: ['a.example', 'b'] });
    expect(parseServeOptions(['--help', '--port=1'])).toBe('help');
  });

  test.each<[string[], string]>([
    [
      ['--port=x'],
      'Cannot use --port: it takes a whole number from 0 to 65,535, not "x": write for example --port=8080.',
    ],
    [['--port=65536'], 'Cannot use --port: it takes a whole number from 0 to 65,535, not "65536"'],
    [['--port=1e3'], 'not "1e3"'],
    [['--port='], 'not ""'],
    [['--host='], 'Cannot use --host: it takes an address or name, not ""'],
    [['--host=http://x'], 'not "http://x": write for example --host=0.0.0.0.'],
    [['--runs='], 'Cannot use --runs: it takes a folder, not ""'],
    [['--allow-host=a:80'], 'Cannot use --allow-host: it takes a name without port, not "a:80"'],
    [
      ['--prot=1'],
      "Cannot serve: Unknown option '--prot'. Options are --runs, --allow-host, --port, --host, --help.",
    ],
    [['runs'], "Cannot serve: Unexpected argument 'runs'"],
    [['--port'], "Cannot serve: Option '--port <value>' argument missing"],
    [['--help=yes'], "Cannot serve: Option '--help' does not take an argument"],
    [['--host=a\u001b[31m\n'], 'Cannot use --host'],
  ])('%j is refused', (argv, message) => {
    expect(refusal(() => parseServeOptions(argv))).toContain(message);
  });

  test('where the runtime listens itself there is no port', () => {
    expect(parseRunOptions(['--runs=a'])).toEqual({ runs: 'a', allowedHosts: [] });
    expect(refusal(() => parseRunOptions(['--port=1']))).toContain("Unknown option '--port'");
  });
});
