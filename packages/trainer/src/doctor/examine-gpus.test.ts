import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { examineCuda, onnxruntimeFolder, type CudaPlaces } from './examine-cuda.ts';
import { examineVulkan, vulkanDriverFolders } from './examine-vulkan.ts';
import { findLibrary, loaderPath, type LoaderPath } from './loader-path.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, content = ''): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** A linker that looks into two folders of the test's own. */
const loader = (): LoaderPath => ({
  folders: [join(root, 'first'), join(root, 'lib')],
  cached: new Map(),
  others: [join(root, 'cuda/lib64')],
});

describe('findLibrary', () => {
  test('takes the first folder that has it, and its version from the file that it stands for', () => {
    write('lib/libcudart.so.12.4.127');
    symlinkSync('libcudart.so.12.4.127', join(root, 'lib/libcudart.so.12'));
    expect(findLibrary('libcudart.so.12', loader())).toEqual({
      path: join(root, 'lib/libcudart.so.12'),
      version: '12.4.127',
      isInPath: true,
    });
    const first = write('first/libcudart.so.12');
    expect(findLibrary('libcudart.so.12', loader())).toEqual({
      path: first,
      version: undefined,
      isInPath: true,
    });
    expect(findLibrary('libcudart.so.11.0', loader())).toBeUndefined();
  });

  test('knows what ldconfig registered, and says of what is elsewhere that programs do not look there', () => {
    const registered = write('registered/libcudnn.so.9');
    const aside = write('cuda/lib64/libcublas.so.12');
    const path = { ...loader(), cached: new Map([['libcudnn.so.9', registered]]) };
    expect(findLibrary('libcudnn.so.9', path)).toMatchObject({ path: registered, isInPath: true });
    expect(findLibrary('libcublas.so.12', path)).toMatchObject({ path: aside, isInPath: false });
  });

  test.skipIf(process.platform !== 'linux')('finds the C library of this machine', () => {
    expect(findLibrary('libc.so.6', loaderPath(undefined))?.isInPath).toBe(true);
  });

  test('looks into LD_LIBRARY_PATH first', () => {
    expect(loaderPath('/a::/b').folders.slice(0, 2)).toEqual(['/a', '/b']);
  });
});

describe('examineCuda', () => {
  const places = (): CudaPlaces => ({
    platform: 'linux',
    arch: 'x64',
    loader: loader(),
    driverFile: join(root, 'version'),
    bindingFolder: join(root, 'binding'),
  });
  const statuses = (): Record<string, string> =>
    Object.fromEntries(examineCuda(places()).map(({ name, status }) => [name, status]));
  const driver = (): void => {
    write(
      'version',
      'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  Release Build\nGCC version: 13\n',
    );
    write('lib/libcuda.so.1');
  };
  const provider = (cuda: number): void => {
    write('binding/libonnxruntime_providers_shared.so');
    write(
      'binding/libonnxruntime_providers_cuda.so',
      `\x7fELF…\0libcublas.so.${cuda}\0libcudart.so.${cuda}\0libcuda.so.1\0`,
    );
  };

  test('a machine without a GPU lacks everything, and nothing is broken', () => {
    expect(statuses()).toEqual({
      driver: 'absent',
      "onnxruntime's part": 'absent',
      'CUDA 12, cuDNN 9': 'absent',
      'CUDA 11.2, cuDNN 8': 'absent',
    });
  });

  test("with a driver, onnxruntime's part is what is missing", () => {
    driver();
    const [found, part] = examineCuda(places());
    expect(found).toMatchObject({
      status: 'ok',
      text: `version 580.159.04, ${join(root, 'lib/libcuda.so.1')}`,
    });
    expect(part).toMatchObject({
      status: 'broken',
      text: expect.stringContaining('libonnxruntime_providers_cuda.so') as string,
      remedy: expect.stringContaining('npm rebuild onnxruntime-node --ignore-scripts=false') as string,
    });
  });

  test('a driver whose library is not there is broken, as in a container without the GPU', () => {
    driver();
    rmSync(join(root, 'lib/libcuda.so.1'));
    expect(examineCuda(places())[0]).toMatchObject({
      status: 'broken',
      remedy: expect.stringContaining('--gpus all') as string,
    });
  });

  test('names the libraries that are missing, of the CUDA that the part was built for', () => {
    driver();
    provider(13);
    write('lib/libcudart.so.13');
    expect(examineCuda(places())[2]).toMatchObject({
      name: 'CUDA 13, cuDNN 9',
      status: 'broken',
      text: 'missing: libcublas.so.13, libcudnn.so.9; found: libcudart.so.13 (for --engine onnx)',
    });
    write('lib/libcublas.so.13');
    write('lib/libcudnn.so.9');
    expect(statuses()).toMatchObject({ "onnxruntime's part": 'ok', 'CUDA 13, cuDNN 9': 'ok' });
  });

  test('says where libraries are that programs do not find', () => {
    driver();
    provider(12);
    for (const name of ['libcudart.so.12', 'libcublas.so.12', 'libcudnn.so.9']) write(`cuda/lib64/${name}`);
    expect(examineCuda(places())[2]).toMatchObject({
      name: 'CUDA 12, cuDNN 9',
      status: 'broken',
      remedy: `Set LD_LIBRARY_PATH to ${join(root, 'cuda/lib64')}.`,
    });
  });

  test('there is none but on Linux x64', () => {
    const [only, ...none] = examineCuda({ ...places(), platform: 'darwin', arch: 'arm64' });
    expect(none).toEqual([]);
    expect(only).toMatchObject({ status: 'absent', text: expect.stringContaining('darwin arm64') as string });
  });

  test("onnxruntime's folder is where its binding lies", () => {
    const folder = onnxruntimeFolder(process.platform, process.arch);
    expect(findLibrary('onnxruntime_binding.node', { ...loader(), folders: [folder] })).toBeDefined();
  });
});

describe('examineVulkan', () => {
  const examine = (env: Record<string, string> = {}) =>
    examineVulkan({ platform: 'linux', loader: loader(), env, driverFolders: [join(root, 'icd.d')] });
  const driverFile = (path: string, library: string): string =>
    write(path, JSON.stringify({ ICD: { library_path: library, api_version: '1.4.312' } }));

  test('a machine without Vulkan lacks loader and driver', () => {
    expect(examine().map(({ name, status }) => [name, status])).toEqual([
      ['Vulkan loader', 'absent'],
      ['Vulkan driver', 'absent'],
    ]);
  });

  test('a driver without a loader is no use', () => {
    driverFile('icd.d/gpu.json', './libgpu.so');
    write('icd.d/libgpu.so');
    expect(examine().map(({ name, status }) => [name, status])).toEqual([
      ['Vulkan loader', 'broken'],
      ['Vulkan driver', 'ok'],
    ]);
  });

  test.each([
    ['beside its file', './libgpu.so', 'icd.d/libgpu.so'],
    ['where programs look', 'libgpu.so.0', 'lib/libgpu.so.0'],
  ])('finds the library of a driver %s', (_, library, path) => {
    write('lib/libvulkan.so.1');
    const file = driverFile('icd.d/gpu.json', library);
    expect(examine()[1]).toMatchObject({
      status: 'broken',
      text: `${file}: its library ${library} is not there`,
    });
    write(path);
    expect(examine()[1]).toMatchObject({ status: 'ok', text: `${file}: ${library}, Vulkan 1.4.312` });
  });

  test.each(['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'])('goes by %s alone where it is set', (variable) => {
    driverFile('icd.d/gpu.json', './libgpu.so');
    const missing = join(root, 'none.json');
    const odd = write('odd.json', '[');
    const drivers = examine({ [variable]: `${missing}:${odd}` }).slice(1);
    expect(drivers.map(({ status, text }) => [status, text])).toEqual([
      ['broken', `${missing}: no such file`],
      ['broken', `${odd}: not a description of a Vulkan driver`],
    ]);
  });

  test('other systems bring what WebGPU needs', () => {
    const elsewhere = examineVulkan({ platform: 'darwin', loader: loader(), env: {}, driverFolders: [] });
    expect(elsewhere).toMatchObject([{ status: 'ok', text: 'Metal, which is part of the system' }]);
  });

  test("looks into the user's folder, too", () => {
    expect(vulkanDriverFolders({ HOME: '/elsewhere' })).toContain('/elsewhere/.local/share/vulkan/icd.d');
    expect(vulkanDriverFolders({})).toContain('/usr/share/vulkan/icd.d');
  });
});
