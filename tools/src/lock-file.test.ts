import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** The part of an entry of `package-lock.json` (lockfileVersion 3) that matters here. */
interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Lock = Readonly<Record<string, LockEntry>>;

/** Whether Node would find `name` from the package at `path`: in its own node_modules or in one further up. */
function isInstalled(lock: Lock, path: string, name: string): boolean {
  const parts = path === '' ? [] : path.split('/');
  for (let length = parts.length; length >= 0; length--) {
    const folder = parts.slice(0, length);
    if (folder.at(-1) === 'node_modules') continue;
    if (Object.hasOwn(lock, [...folder, 'node_modules', name].join('/'))) return true;
  }
  return false;
}

/** What entries name and the lock doesn't hold, as `path → name`. */
function findMissing(lock: Lock): readonly string[] {
  return Object.entries(lock).flatMap(([path, { dependencies, devDependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter((name) => !isInstalled(lock, path, name))
      .map((name) => `${path} → ${name}`),
  );
}

const lockText = readFileSync(resolve(root, 'package-lock.json'), 'utf8');
const { lockfileVersion, packages: lock } = JSON.parse(lockText) as {
  lockfileVersion: number;
  packages: Lock;
};
const isWorkspace = (path: string) => !path.includes('node_modules');

describe('package-lock.json', () => {
  it('is of the version that this test understands', () => {
    expect(lockfileVersion).toBe(3);
  });

  // npm leaves out what the registry at hand doesn't serve, and refuses its own lock file where it is needed.
  it('holds every dependency of every entry, those for other platforms too', () => {
    expect(findMissing(lock)).toEqual([]);
  });

  it('names no place to download from, so that any registry will do', () => {
    const resolved = Object.entries(lock)
      .filter(([, { resolved, link }]) => resolved !== undefined && !link)
      .map(([path, entry]) => `${path}: ${entry.resolved}`);
    expect(resolved).toEqual([]);
  });

  it('has the checksum of everything that is downloaded', () => {
    const unchecked = Object.entries(lock)
      .filter(([path, { link, inBundle }]) => !isWorkspace(path) && !link && !inBundle)
      .filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))
      .map(([path]) => path);
    expect(unchecked).toEqual([]);
  });
});

describe('findMissing', () => {
  it('looks where Node looks', () => {
    const entry = { dependencies: { inner: '1', outer: '1' }, optionalDependencies: { absent: '1' } };
    const sample: Lock = {
      'packages/one': entry,
      'packages/one/node_modules/inner': {},
      'packages/other/node_modules/absent': {},
      'node_modules/outer': { dependencies: { inner: '1' } },
      'node_modules/outer/node_modules/inner': { optionalDependencies: { absent: '1', outer: '1' } },
    };
    expect(findMissing(sample)).toEqual([
      'packages/one → absent',
      'node_modules/outer/node_modules/inner → absent',
    ]);
  });
});

describe('.npmrc', () => {
  const settings = readFileSync(resolve(root, '.npmrc'), 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#;]/.test(line));

  it('keeps packages from running install scripts', () => {
    expect(settings).toContain('ignore-scripts=true');
  });

  it('leaves the choice of a registry to the user', () => {
    expect(settings.filter((line) => /^(@[^:]*:)?registry\b|_auth/i.test(line))).toEqual([]);
  });
});
