import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Finding } from './finding.ts';
import { findLibrary, type LoaderPath } from './loader-path.ts';
import { problemOf, readText } from './read-text.ts';

const section = 'For WebGPU';
const install =
  'Install the Vulkan driver of your GPU: Debian and Ubuntu have libvulkan1 and mesa-vulkan-drivers.';

/** Environment variables. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Where Vulkan is looked for. */
export interface VulkanPlaces {
  readonly platform: string;
  readonly loader: LoaderPath;
  readonly env: Environment;
  /** Folders in which drivers are listed, unless variables name others. */
  readonly driverFolders: readonly string[];
}

/** A driver's file, see https://github.com/KhronosGroup/Vulkan-Loader/blob/main/docs/LoaderDriverInterface.md */
const driverSchema = z.object({
  ICD: z.object({ library_path: z.string(), api_version: z.string().optional() }),
});

/** Where Linux lists Vulkan's drivers, in the order and by the variables of Vulkan's loader. */
export function vulkanDriverFolders(env: Environment): string[] {
  // A variable that is empty counts as one that is not set.
  const valueOf = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const home = env['HOME'];
  const inHome = (folder: string): string => (home === undefined ? '' : join(home, folder));
  return [
    valueOf('XDG_CONFIG_HOME') ?? inHome('.config'),
    ...pathsOf(valueOf('XDG_CONFIG_DIRS') ?? '/etc/xdg'),
    '/usr/local/etc',
    '/etc',
    valueOf('XDG_DATA_HOME') ?? inHome('.local/share'),
    ...pathsOf(valueOf('XDG_DATA_DIRS') ?? '/usr/local/share:/usr/share'),
  ]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'vulkan/icd.d'));
}

/** Whether Vulkan's loader and a driver are there, which WebGPU needs on Linux. */
export function examineVulkan({ platform, loader, env, driverFolders }: VulkanPlaces): Finding[] {
  if (platform !== 'linux') {
    const system = platform === 'darwin' ? 'Metal' : 'Direct3D 12';
    return [{ section, name: 'driver', status: 'ok', text: `${system}, which is part of the system` }];
  }
  const drivers = examineDrivers(env, driverFolders, loader);
  const library = findLibrary('libvulkan.so.1', loader);
  return [
    library === undefined
      ? {
          section,
          name: 'Vulkan loader',
          status: drivers.every(({ status }) => status === 'absent') ? 'absent' : 'broken',
          text: 'libvulkan.so.1 is not where programs look for it',
          remedy: install,
        }
      : library.isInPath
        ? { section, name: 'Vulkan loader', status: 'ok', text: library.path }
        : {
            section,
            name: 'Vulkan loader',
            status: 'broken',
            text: `${library.path} is not where programs look for it`,
            remedy: `Run ldconfig as root, or set LD_LIBRARY_PATH to ${dirname(library.path)}.`,
          },
    ...drivers,
  ];
}

function examineDrivers(env: Environment, driverFolders: readonly string[], loader: LoaderPath): Finding[] {
  // Where the first is set, though to nothing, Vulkan looks nowhere else.
  const variable = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'].find((name) => env[name] !== undefined);
  const places =
    variable === undefined
      ? [...pathsOf(env['VK_ADD_DRIVER_FILES']), ...driverFolders]
      : pathsOf(env[variable]);
  const isNamed = (place: string): boolean => !driverFolders.includes(place);
  const findings = places.flatMap((place) =>
    place.endsWith('.json')
      ? [examineDriver(place, loader)]
      : examineFolder(place, { isNamed: isNamed(place), loader }),
  );
  if (findings.length > 0) return findings;
  return [
    variable === undefined
      ? driver('absent', 'none found', install)
      : driver(
          'broken',
          `${variable} names none, and Vulkan looks nowhere else`,
          `Unset ${variable}, or have it name a driver's .json file.`,
        ),
  ];
}

/** The drivers that a folder lists. It must be there only where a variable names it. */
function examineFolder(
  folder: string,
  { isNamed, loader }: { isNamed: boolean; loader: LoaderPath },
): Finding[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !isNamed) return [];
    const problem =
      code === 'ENOENT' ? 'no such folder' : code === 'ENOTDIR' ? 'not a folder' : problemOf(error);
    return [
      driver('broken', `${folder}: ${problem}`, 'Drivers are listed in folders that all users may read.'),
    ];
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => examineDriver(join(folder, name), loader));
}

function examineDriver(file: string, loader: LoaderPath): Finding {
  const broken = (text: string): Finding =>
    driver('broken', `${file}: ${text}`, 'Install the driver anew, or correct VK_DRIVER_FILES.');
  const content = readText(file);
  if ('problem' in content) return broken(content.problem);
  const { data } = driverSchema.safeParse(parseJson(content.text));
  if (data === undefined) return broken('not a description of a Vulkan driver');
  const { library_path: path, api_version: version } = data.ICD;
  // A name without a folder is for the dynamic linker to find, any other starts from the file's folder.
  const isThere = path.includes('/')
    ? existsSync(isAbsolute(path) ? path : resolve(dirname(file), path))
    : findLibrary(path, loader)?.isInPath === true;
  if (!isThere) return broken(`its library ${path} is not there`);
  return driver('ok', `${file}: ${path}${version === undefined ? '' : `, Vulkan ${version}`}`);
}

function driver(status: Finding['status'], text: string, remedy?: string): Finding {
  return { section, name: 'Vulkan driver', status, text, ...(remedy === undefined ? {} : { remedy }) };
}

function pathsOf(list: string | undefined): string[] {
  return (list ?? '').split(delimiter).filter((path) => path !== '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
