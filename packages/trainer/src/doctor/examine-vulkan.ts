import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Finding } from './finding.ts';
import { findLibrary, type LoaderPath } from './loader-path.ts';

const section = 'For WebGPU';
const install =
  'Install the Vulkan driver of your GPU: Debian and Ubuntu have libvulkan1 and mesa-vulkan-drivers.';

/** Where Vulkan is looked for. */
export interface VulkanPlaces {
  readonly platform: string;
  readonly loader: LoaderPath;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folders in which drivers are listed, beside those that the variables name. */
  readonly driverFolders: readonly string[];
}

/** A driver's file, see https://github.com/KhronosGroup/Vulkan-Loader/blob/main/docs/LoaderDriverInterface.md */
const driverSchema = z.object({
  ICD: z.object({ library_path: z.string(), api_version: z.string().optional() }),
});

/** Where Linux lists Vulkan's drivers. */
export function vulkanDriverFolders(env: VulkanPlaces['env']): string[] {
  const home = env['HOME'];
  return [
    ...(home === undefined ? [] : [join(home, '.local/share')]),
    '/usr/local/etc',
    '/etc',
    '/usr/local/share',
    '/usr/share',
  ].map((folder) => join(folder, 'vulkan/icd.d'));
}

/** Whether Vulkan's loader and a driver are there, which WebGPU needs on Linux. */
export function examineVulkan({ platform, loader, env, driverFolders }: VulkanPlaces): Finding[] {
  if (platform !== 'linux') {
    const system = platform === 'darwin' ? 'Metal' : 'Direct3D 12';
    return [{ section, name: 'driver', status: 'ok', text: `${system}, which is part of the system` }];
  }
  const named = env['VK_DRIVER_FILES'] ?? env['VK_ICD_FILENAMES'];
  const files =
    named === undefined
      ? driverFolders.filter((folder) => existsSync(folder)).flatMap(listDrivers)
      : named.split(delimiter).flatMap((path) => (isFolder(path) ? listDrivers(path) : [path]));
  const library = findLibrary('libvulkan.so.1', loader);
  return [
    library === undefined
      ? {
          section,
          name: 'Vulkan loader',
          status: files.length === 0 ? 'absent' : 'broken',
          text: 'libvulkan.so.1 is not where programs look for it',
          remedy: install,
        }
      : { section, name: 'Vulkan loader', status: 'ok', text: library.path },
    ...files.map((file) => examineDriver(file, loader)),
    ...(files.length === 0
      ? [{ section, name: 'Vulkan driver', status: 'absent', text: 'none found', remedy: install } as const]
      : []),
  ];
}

function examineDriver(file: string, loader: LoaderPath): Finding {
  const finding = (status: Finding['status'], text: string): Finding => ({
    section,
    name: 'Vulkan driver',
    status,
    text: `${file}: ${text}`,
    ...(status === 'ok' ? {} : { remedy: 'Install the driver anew, or correct VK_DRIVER_FILES.' }),
  });
  if (!existsSync(file)) return finding('broken', 'no such file');
  const { data } = driverSchema.safeParse(parseJson(readFileSync(file, 'utf8')));
  if (data === undefined) return finding('broken', 'not a description of a Vulkan driver');
  const { library_path: path, api_version: version } = data.ICD;
  // A name without a folder is for the dynamic linker to find, any other starts from the file's folder.
  const isThere = path.includes('/')
    ? existsSync(isAbsolute(path) ? path : resolve(dirname(file), path))
    : findLibrary(path, loader) !== undefined;
  if (!isThere) return finding('broken', `its library ${path} is not there`);
  return finding('ok', `${path}${version === undefined ? '' : `, Vulkan ${version}`}`);
}

function listDrivers(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
