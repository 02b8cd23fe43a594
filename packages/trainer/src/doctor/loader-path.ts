import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Folders that a dynamic linker of Linux looks into by itself, and where CUDA is installed but it doesn't look. */
const usualFolders = [
  '/usr/local/lib',
  '/lib/x86_64-linux-gnu',
  '/usr/lib/x86_64-linux-gnu',
  '/lib/aarch64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/lib64',
  '/usr/lib64',
  '/lib',
  '/usr/lib',
];
const cudaFolders = ['lib64', 'targets/x86_64-linux/lib', 'lib'];

/** Where a shared library was found. */
export interface FoundLibrary {
  readonly path: string;
  /** The file's own version where its name tells: `12.4.127` of `libcudart.so.12.4.127`. */
  readonly version: string | undefined;
  /** Whether the dynamic linker finds it there by itself, or only with `LD_LIBRARY_PATH`. */
  readonly isInPath: boolean;
}

/** Where libraries are looked for. */
export interface LoaderPath {
  /** Folders that the dynamic linker looks into, the first first. */
  readonly folders: readonly string[];
  /** Paths by name that the linker's own cache knows. */
  readonly cached: ReadonlyMap<string, string>;
  /** Folders that it doesn't look into, but that may hold CUDA. */
  readonly others: readonly string[];
}

/**
 * Where a Linux process looks for shared libraries: `LD_LIBRARY_PATH`, what `ldconfig` has registered, the usual folders;
 * and, outside of that, the folders of CUDA below `/usr/local`.
 * @param libraryPath value of the variable `LD_LIBRARY_PATH`.
 */
export function loaderPath(libraryPath: string | undefined): LoaderPath {
  const cuda = existsSync('/usr/local')
    ? readdirSync('/usr/local').filter((name) => name.startsWith('cuda'))
    : [];
  return {
    folders: [...(libraryPath ?? '').split(':').filter((folder) => folder !== ''), ...usualFolders],
    cached: registeredLibraries(),
    others: cuda.flatMap((name) => cudaFolders.map((folder) => join('/usr/local', name, folder))),
  };
}

/** Finds a shared library by the name that programs load it by, such as `libcudart.so.12`. */
export function findLibrary(name: string, path: LoaderPath): FoundLibrary | undefined {
  const at = (folder: string): string | undefined => {
    const candidate = join(folder, name);
    return existsSync(candidate) ? candidate : undefined;
  };
  const inPath = first(path.folders, at) ?? path.cached.get(name);
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

function registeredLibraries(): Map<string, string> {
  // It is outside of the PATH of ordinary users.
  const tool = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find((candidate) => existsSync(candidate));
  if (tool === undefined) return new Map();
  const listing = execFileSync(tool, ['-p'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return new Map(
    [...listing.matchAll(/^\s+(\S+) \(.*\) => (\S+)$/gm)]
      .map(([, name, file]) => [name, file] as const)
      .filter(([, file]) => existsSync(file)),
  );
}
