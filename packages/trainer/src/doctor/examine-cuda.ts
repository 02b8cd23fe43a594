import { accessSync, closeSync, constants, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Finding } from './finding.ts';
import { findLibrary, type LoaderPath } from './loader-path.ts';
import { readText } from './read-text.ts';

const section = 'For NVIDIA GPUs';

/** Libraries that onnxruntime's CUDA provider loads, by the names of CUDA 12. */
const cuda12Libraries = [
  'libcudart.so.12',
  'libcublas.so.12',
  'libcublasLt.so.12',
  'libcufft.so.11',
  'libcurand.so.10',
];
/** It loads this one besides, when a graph has convolutions. */
const cudnn = 'libcudnn.so.9';
/** Libraries that tfjs-node-gpu's libtensorflow 2.9.1 loads, by the names of CUDA 11.2 and cuDNN 8.1. */
const tensorFlowLibraries = [
  'libcudart.so.11.0',
  'libcublas.so.11',
  'libcublasLt.so.11',
  'libcufft.so.10',
  'libcurand.so.10',
  'libcusolver.so.11',
  'libcusparse.so.11',
  'libcudnn.so.8',
];
const providerFiles = ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so'];

/** Where the parts that GPUs of NVIDIA need are looked for. */
export interface CudaPlaces {
  readonly platform: string;
  readonly arch: string;
  readonly loader: LoaderPath;
  /** The driver's own file about itself; Linux has it at `/proc/driver/nvidia/version`. */
  readonly driverFile: string;
  /** Folder of onnxruntime's binaries; `undefined` where its package is missing. */
  readonly bindingFolder: string | undefined;
}

/**
 * Folder in which onnxruntime-node keeps its binaries for this platform; its CUDA provider lies there too.
 * @returns `undefined` where the package is not installed.
 */
export function onnxruntimeFolder(platform: string, arch: string): string | undefined {
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  } catch {
    return undefined;
  }
  return join(dirname(entry), '..', 'bin', 'napi-v6', platform, arch);
}

/** Which parts of CUDA are there: driver, onnxruntime's provider, and the libraries of either engine. */
export function examineCuda(places: CudaPlaces): Finding[] {
  const { platform, arch, loader, driverFile, bindingFolder } = places;
  if (platform !== 'linux' || arch !== 'x64') {
    return [
      {
        section,
        name: 'CUDA',
        status: 'absent',
        text: `onnxruntime-node has it for linux x64 alone, and this is ${platform} ${arch}`,
      },
    ];
  }
  const driver = examineDriver(driverFile, loader);
  const provider = examineProvider(bindingFolder, { hasDriver: driver.status === 'ok' });
  return [
    driver,
    provider,
    examineProviderLibraries(
      bindingFolder !== undefined && provider.status === 'ok'
        ? join(bindingFolder, providerFiles[0])
        : undefined,
      loader,
    ),
    examineLibraries('CUDA 11.2, cuDNN 8', tensorFlowLibraries, {
      loader,
      isWanted: false,
      use: 'for --engine tfjs alone',
    }),
  ];
}

function examineDriver(file: string, loader: LoaderPath): Finding {
  const about = readText(file);
  const version = 'text' in about ? /Kernel Module.*?\s(\d+\.[\d.]+)\s/.exec(about.text)?.[1] : undefined;
  const library = findLibrary('libcuda.so.1', loader);
  if (version === undefined && library === undefined) {
    return {
      section,
      name: 'driver',
      status: 'absent',
      text: 'none found',
      remedy: 'If the machine has an NVIDIA GPU: install its driver, 525 or later.',
    };
  }
  if (library === undefined) {
    return {
      section,
      name: 'driver',
      status: 'broken',
      text: `version ${version!}, but libcuda.so.1 is not where programs look for it`,
      remedy: 'In a container: start it with the GPU (docker run --gpus all).',
    };
  }
  const named = version ?? library.version;
  return {
    section,
    name: 'driver',
    status: 'ok',
    text: `${named === undefined ? '' : `version ${named}, `}${library.path}`,
  };
}

function examineProvider(folder: string | undefined, { hasDriver }: { hasDriver: boolean }): Finding {
  if (folder === undefined) {
    return {
      section,
      name: "onnxruntime's part",
      status: 'broken',
      text: 'onnxruntime-node is not installed',
      remedy: 'Run npm ci anew.',
    };
  }
  const missing = providerFiles.filter((name) => !isReadable(join(folder, name)));
  if (missing.length === 0) {
    return { section, name: "onnxruntime's part", status: 'ok', text: folder };
  }
  return {
    section,
    name: "onnxruntime's part",
    status: hasDriver ? 'broken' : 'absent',
    text: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not in ${folder}, or may not be read`,
    remedy:
      "For CUDA: npm rebuild onnxruntime-node --ignore-scripts=false (see Devices in the trainer's README).",
  };
}

/** @param file onnxruntime's part, where it is there to be used. */
function examineProviderLibraries(file: string | undefined, loader: LoaderPath): Finding {
  // A build for another CUDA than 12 may have been put there by hand: it says itself what it loads.
  const named = file === undefined ? [] : neededLibraries(file);
  const libraries = named.length === 0 ? cuda12Libraries : named;
  const major = libraries.find((name) => name.startsWith('libcudart.'))?.replace(/^.*\./, '') ?? '12';
  return examineLibraries(`CUDA ${major}, cuDNN 9`, [...libraries, cudnn], {
    loader,
    isWanted: file !== undefined,
    use: 'for --engine onnx',
  });
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Bytes at the beginning of a shared library among which the names of those that it needs lie. */
const headBytes = 2 ** 23;

/** The libraries of CUDA that a shared library says it needs. */
function neededLibraries(file: string): string[] {
  const head = Buffer.alloc(headBytes);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head, 0, headBytes, 0);
  } finally {
    closeSync(handle);
  }
  const names = head.toString('latin1').match(/libcu(?:dart|blas|blasLt|fft|rand)\.so\.\d+(?=\0)/g) ?? [];
  return [...new Set(names)].sort();
}

function examineLibraries(
  name: string,
  libraries: readonly string[],
  { loader, isWanted, use }: { loader: LoaderPath; isWanted: boolean; use: string },
): Finding {
  const found = libraries.map((library) => ({ library, at: findLibrary(library, loader) }));
  const missing = found.filter(({ at }) => at === undefined).map(({ library }) => library);
  const outside = found.find(({ at }) => at !== undefined && !at.isInPath)?.at;
  const versions = found
    .filter(({ at }) => at !== undefined)
    .map(({ library, at }) =>
      at!.version === undefined ? library : library.replace(/\.so.*$/, ` ${at!.version}`),
    )
    .join(', ');
  if (missing.length === 0 && outside === undefined) {
    return { section, name, status: 'ok', text: `${versions} (${use})` };
  }
  return {
    section,
    name,
    status: isWanted ? 'broken' : 'absent',
    text:
      missing.length === libraries.length
        ? `none of its libraries found (${use})`
        : missing.length > 0
          ? `missing: ${missing.join(', ')}${versions === '' ? '' : `; found: ${versions}`} (${use})`
          : `found, but not where programs look: ${outside!.path} (${use})`,
    ...(missing.length === 0
      ? { remedy: `Set LD_LIBRARY_PATH to ${dirname(outside!.path)}.` }
      : isWanted
        ? { remedy: `Install ${name}, and put its libraries where programs look, or set LD_LIBRARY_PATH.` }
        : {}),
  };
}
