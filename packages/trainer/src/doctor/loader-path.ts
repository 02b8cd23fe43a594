import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Finding } from './finding.ts';

/** Folders that every dynamic linker of Linux looks into by itself. /usr/local/lib is none: ldconfig must know it. */
const usualFolders = {
  x64: ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64', '/lib', '/usr/lib'],
  arm64: ['/lib/aarch64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/lib64', '/usr/lib64', '/lib', '/usr/lib'],
} as const;
/** What ldconfig says of libraries for each. */
const abis = { x64: 'libc6,x86-64', arm64: 'libc6,AArch64' } as const;
const cudaFolders = ['lib64', 'targets/x86_64-linux/lib', 'lib'];
/** It is outside of the PATH of ordinary users. */
const ldconfigPlaces = ['/sbin/ldconfig', '/usr/sbin/ldconfig'];

/** Where a shared library was found. */
export interface FoundLibrary {
  readonly path: string;
  /** The file's own version where its name tells: `12.4.127` of `libcudart.so.12.4.127`. */
  readonly version: string | undefined;
  /** Whether the dynamic linker finds it there by itself, or only with `LD_LIBRARY_PATH`. */
  readonly isInPath: boolean;
}

/** Where libraries are looked for, in this order. */
export interface LoaderPath {
  /** Folders of `LD_LIBRARY_PATH`. */
  readonly named: readonly string[];
  /** Paths by name that the linker's own cache knows. */
  readonly cached: ReadonlyMap<string, string>;
  /** Why that isn't known. */
  readonly cacheProblem?: string;
  /** Folders that the linker looks into by itself. */
  readonly usual: readonly string[];
  /** Folders that it doesn't look into, but that may hold what is looked for. */
  readonly others: readonly string[];
}

/**
 * Where a Linux process looks for shared libraries: `LD_LIBRARY_PATH`, what `ldconfig` has registered, the usual folders;
 * and, outside of that, `/usr/local/lib` and the folders of CUDA below `/usr/local`.
 *
 * @param libraryPath value of the variable `LD_LIBRARY_PATH`.
 * @param arch as `process.arch` has it.
 * @param ldconfig where that program may be.
 */
export function loaderPath(
  libraryPath: string | undefined,
  { arch, ldconfig = ldconfigPlaces }: { arch: string; ldconfig?: readonly string[] },
): LoaderPath {
  const known = arch === 'arm64' ? 'arm64' : 'x64';
  return {
    named: (libraryPath ?? '').split(':').filter((folder) => folder !== ''),
    ...registeredLibraries(ldconfig, abis[known]),
    usual: usualFolders[known],
    others: [
      '/usr/local/lib',
      ...cudaVersions().flatMap((name) => cudaFolders.map((folder) => join('/usr/local', name, folder))),
    ],
  };
}

/** What keeps the doctor from knowing where libraries are, if anything does. */
export function examineLoader({ cacheProblem }: LoaderPath): Finding[] {
  if (cacheProblem === undefined) return [];
  return [
    {
      section: 'Machine',
      name: 'ldconfig',
      status: 'absent',
      text: `${cacheProblem}: a library that is registered with it alone is called missing below, though programs find it`,
    },
  ];
}

/** Finds a shared library by the name that programs load it by, such as `libcudart.so.12`. */
export function findLibrary(name: string, path: LoaderPath): FoundLibrary | undefined {
  const at = (folder: string): string | undefined => {
    const candidate = join(folder, name);
    return existsSync(candidate) ? candidate : undefined;
  };
  const inPath = first(path.named, at) ?? path.cached.get(name) ?? first(path.usual, at);
  const found = inPath ?? first(path.others, at);
  if (found === undefined) return undefined;
  const version = /\.so\.(\d+(?:\.\d+)+)$/.exec(basename(realpathSync(found)))?.[1];
  return { path: found, version, isInPath: inPath !== undefined };
}

function first<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function cudaVersions(): string[] {
  try {
    return readdirSync('/usr/local').filter((name) => name.startsWith('cuda'));
  } catch {
    return [];
  }
}

/** @param abi that of this process: the linker passes over libraries for another one. */
function registeredLibraries(
  places: readonly string[],
  abi: string,
): Pick<LoaderPath, 'cached' | 'cacheProblem'> {
  const tool = places.find((place) => existsSync(place));
  if (tool === undefined) return { cached: new Map(), cacheProblem: 'not there' };
  let listing: string;
  try {
    listing = execFileSync(tool, ['-p'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
      maxBuffer: 2 ** 26,
    });
  } catch (error) {
    const [why] = (error as Error).message.split('\n');
    return { cached: new Map(), cacheProblem: `it failed (${why})` };
  }
  const cached = new Map<string, string>();
  for (const [, name, kind, file] of listing.matchAll(/^\s+(\S+) \((.*)\) => (.+)$/gm)) {
    // Of several, the linker takes the first.
    if (kind.startsWith(abi) && !cached.has(name) && existsSync(file)) cached.set(name, file);
  }
  return { cached };
}
