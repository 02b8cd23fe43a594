import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, constants, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from '@playwright/test';

const run = promisify(execFile);

/** Where `findBrowser` took a browser from. */
export type BrowserSource = '$CHROMIUM' | 'Playwright' | 'PATH' | 'npm';

/** A Chromium that answers, and how to start it. */
export interface FoundBrowser {
  readonly executablePath: string;
  readonly source: BrowserSource;
  /** What it says to `--version`, such as `Chromium 143.0.7499.169`. */
  readonly version: string;
  /** Variables that it needs beside this process's own: libraries and fonts of the one that comes from npm. */
  readonly env: Readonly<Record<string, string>>;
}

/** What `findBrowser` looks at; the real ones by default, so that its tests can take each away. */
export interface BrowserSearch {
  /** Environment variables. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where Playwright keeps its own browser, whether it is there or not. */
  readonly playwrightPath?: string;
  /** Where the browser from npm is unpacked to. */
  readonly cacheFolder?: string;
  /** `process.platform` and `process.arch`, joined by `-`. */
  readonly platform?: string;
}

/**
 * Arguments to start any found browser with. No sandbox, because a root user and most containers can't have one and the
 * only pages opened are our own; nothing that talks to the network on its own account. Those that the package from npm
 * proposes would take cross-origin isolation away, and with it threads.
 */
export const browserArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const namesOnPath = ['chromium', 'chromium-browser', 'google-chrome'];
const npmPackage = '@sparticuz/chromium';

/**
 * Finds a Chromium: the one that `$CHROMIUM` names, Playwright's own, `chromium`, `chromium-browser` or `google-chrome` on
 * the `PATH`, then the one in npm's `@sparticuz/chromium` (Linux on x64), which is unpacked once into
 * `node_modules/.cache` and brings its own libraries and fonts. All but the first are passed over where they don't answer
 * to `--version`, as a browser without its libraries or a stub that asks for snap doesn't.
 *
 * @throws Error where `$CHROMIUM` doesn't answer, or nothing does; it says what to install.
 */
export async function findBrowser(search: BrowserSearch = {}): Promise<FoundBrowser> {
  const env = search.env ?? process.env;
  const named = env['CHROMIUM'];
  if (named) {
    const version = await askVersion(named, {});
    if (version) return { executablePath: named, source: '$CHROMIUM', version, env: {} };
    throw new Error(
      `Cannot use $CHROMIUM, it must be a Chromium that answers to --version, and "${named}" does not: correct it or unset it.`,
    );
  }

  const own = search.playwrightPath ?? chromium.executablePath();
  const onPath = namesOnPath.flatMap((name) =>
    (env['PATH'] ?? '')
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, name)),
  );
  for (const executablePath of [own, ...onPath]) {
    const version = await askVersion(executablePath, {});
    const source = executablePath === own ? 'Playwright' : 'PATH';
    if (version) return { executablePath, source, version, env: {} };
  }

  const platform = search.platform ?? `${process.platform}-${process.arch}`;
  if (platform === 'linux-x64') {
    const folder = await unpackFromNpm(search.cacheFolder ?? (await defaultCacheFolder()));
    const executablePath = join(folder, 'chromium');
    const fromNpm = { LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_PATH: join(folder, 'fonts') };
    const version = await askVersion(executablePath, fromNpm);
    if (version) return { executablePath, source: 'npm', version, env: fromNpm };
  }
  throw new Error(
    `Cannot find a browser, the tests need a Chromium, and on ${platform} none answered (tried Playwright's, ` +
      `${namesOnPath.join(', ')} on the PATH${platform === 'linux-x64' ? `, npm's ${npmPackage}` : ''}): ` +
      'run "npx playwright install chromium", or set CHROMIUM to the path of one.',
  );
}

/** What a browser says to `--version`; `undefined` where there is none or it doesn't start. */
async function askVersion(
  executablePath: string,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  try {
    await access(executablePath, constants.X_OK);
    const { stdout } = await run(executablePath, ['--no-sandbox', '--version'], {
      env: { ...process.env, ...env },
      timeout: 30_000,
    });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Beside the packages, so that whoever may install may also unpack, and a new version gets a folder of its own. */
async function defaultCacheFolder(): Promise<string> {
  // The package exports no package.json: it lies two folders above the entry that `require` finds.
  const entry = createRequire(import.meta.url).resolve(npmPackage);
  const packageFolder = resolve(dirname(entry), '../..');
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return resolve(packageFolder, '../../.cache/narrows', `chromium-${version}`);
}

/**
 * Unpacks the browser of the npm package into a folder, once.
 *
 * The package unpacks into the temporary folder and takes whatever is there for complete: the half of a run that was killed,
 * or that of another user. So a process of its own gets a fresh temporary folder, which is renamed when it is whole.
 *
 * @returns the folder: `chromium`, `al2023/lib` and `fonts` are in it.
 */
async function unpackFromNpm(folder: string): Promise<string> {
  if (await exists(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const staging = await mkdtemp(`${folder}-`);
  try {
    const script = `import('${npmPackage}').then(({ default: browser }) => browser.executablePath());`;
    const child = spawn(process.execPath, ['--eval', script], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'ignore', 'inherit'],
      // It unpacks the libraries only where it believes to be on AWS Lambda, and decides when it is imported.
      env: { ...process.env, TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x', NODE_OPTIONS: '' },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) {
      throw new Error(
        `Cannot unpack npm's ${npmPackage}, its process must exit with 0, and did with ${String(code)}: see above, free disk space (250 MB) or set CHROMIUM to a browser.`,
      );
    }
    await writeFile(join(staging, 'fonts/fonts.conf'), fontConfiguration(join(folder, 'fonts')));
    // Unpacked for its owner alone; another user of the same checkout may run it, too.
    for (const path of [staging, join(staging, 'chromium')]) await chmod(path, 0o755);
    // Another process may have been first: its folder is as good.
    await rename(staging, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}

/**
 * The package's own configuration looks for fonts where AWS Lambda has them. Pages get Open Sans, which looks the same on
 * every machine, and the system's fonts for what it hasn't.
 */
function fontConfiguration(folder: string): string {
  const families = ['sans-serif', 'system-ui', 'ui-sans-serif'];
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    `  <dir>${folder}</dir>`,
    '  <dir>/usr/share/fonts</dir>',
    `  <cachedir>${folder}/cache</cachedir>`,
    ...families.map(
      (family) => `  <alias><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`,
    ),
    '</fontconfig>',
    '',
  ].join('\n');
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
