import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { examineCuda, onnxruntimeFolder, type CudaPlaces } from './examine-cuda.ts';
import { examineVulkan, vulkanDriverFolders } from './examine-vulkan.ts';
import { examineLoader, findLibrary, loaderPath, type LoaderPath } from './loader-path.ts';

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
  named: [join(root, 'first')],
  cached: new Map(),
  usual: [join(root, 'lib')],
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

  test('looks as the linker does: LD_LIBRARY_PATH, what is registered, folders of its own', () => {
    const registered = write('registered/libcudart.so.12');
    write('lib/libcudart.so.12');
    const path = { ...loader(), cached: new Map([['libcudart.so.12', registered]]) };
    expect(findLibrary('libcudart.so.12', path)?.path).toBe(registered);
    const named = write('first/libcudart.so.12');
    expect(findLibrary('libcudart.so.12', path)?.path).toBe(named);
  });
});

describe.skipIf(process.platform !== 'linux')('loaderPath', () => {
  const ldconfig = (script: string): string[] => {
    const tool = write('ldconfig', `#!/bin/sh\n${script}\n`);
    chmodSync(tool, 0o755);
    return [join(root, 'none'), tool];
  };

  test('finds the C library of this machine', () => {
    const path = loaderPath(undefined, { arch: process.arch });
    expect(findLibrary('libc.so.6', path)?.isInPath).toBe(true);
    expect(examineLoader(path)).toEqual([]);
  });

  test('takes folders from LD_LIBRARY_PATH, and /usr/local/lib only for what programs do not find', () => {
    const { named, usual, others } = loaderPath('/a::/b', { arch: 'x64' });
    expect(named).toEqual(['/a', '/b']);
    expect(usual).not.toContain('/usr/local/lib');
    expect(others).toContain('/usr/local/lib');
  });

  test('takes of libraries that are registered the first for this machine', () => {
    const [narrow, wide, other] = [write('i386/libx.so.1'), write('x64/libx.so.1'), write('more/libx.so.1')];
    const listing = [
      '3 libs found in cache',
      `\tlibx.so.1 (libc6) => ${narrow}`,
      `\tlibx.so.1 (libc6,x86-64, OS ABI: Linux 3.2.0) => ${wide}`,
      `\tlibx.so.1 (libc6,x86-64) => ${other}`,
      `\tlibgone.so.1 (libc6,x86-64) => ${join(root, 'gone')}`,
    ].join('\n');
    const { cached } = loaderPath(undefined, {
      arch: 'x64',
      ldconfig: ldconfig(`cat <<'EOF'\n${listing}\nEOF`),
    });
    expect([...cached]).toEqual([['libx.so.1', wide]]);
  });

  test.each([
    ['fails', () => ldconfig('exit 3'), /^it failed \(Command failed: .*ldconfig -p\): a library/],
    ['is missing', () => [join(root, 'none')], /^not there: a library/],
  ])('says so where ldconfig %s', (_, places, text) => {
    const path = loaderPath(undefined, { arch: 'x64', ldconfig: places() });
    expect(path.cached.size).toBe(0);
    const findings = examineLoader(path);
    expect(findings).toMatchObject([{ section: 'Machine', name: 'ldconfig', status: 'absent' }]);
    expect(findings[0].text).toMatch(text);
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
    const folder = onnxruntimeFolder(process.platform, process.arch)!;
    expect(existsSync(join(folder, 'onnxruntime_binding.node'))).toBe(true);
  });

  test('says where onnxruntime is not installed at all', () => {
    driver();
    expect(examineCuda({ ...places(), bindingFolder: undefined })[1]).toMatchObject({
      status: 'broken',
      text: 'onnxruntime-node is not installed',
    });
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

  test.each(['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'])('says that %s is set to nothing', (variable) => {
    write('lib/libvulkan.so.1');
    driverFile('icd.d/gpu.json', './libgpu.so');
    const [, only, ...none] = examine({ [variable]: '' });
    expect(none).toEqual([]);
    expect(only).toMatchObject({
      status: 'broken',
      text: `${variable} names none, and Vulkan looks nowhere else`,
      remedy: expect.stringContaining(`Unset ${variable}`) as string,
    });
  });

  test('looks into folders that a variable names, and into more that another adds', () => {
    const [named, listed] = [driverFile('more/a.json', './a.so'), driverFile('icd.d/b.json', './b.so')];
    write('more/a.so');
    write('icd.d/b.so');
    const filesOf = (env: Record<string, string>): string[] =>
      examine(env)
        .slice(1)
        .map(({ text }) => text.split(':')[0]);
    expect(filesOf({ VK_DRIVER_FILES: join(root, 'more') })).toEqual([named]);
    expect(filesOf({ VK_ADD_DRIVER_FILES: join(root, 'more') })).toEqual([named, listed]);
    expect(examine({ VK_DRIVER_FILES: join(root, 'none') })[1].text).toBe(
      `${join(root, 'none')}: no such folder`,
    );
  });

  test('says what is in the way of the list of drivers', () => {
    const list = write('icd.d', 'a file');
    expect(examine()[1]).toMatchObject({ status: 'broken', text: `${list}: not a folder` });
    rmSync(list);
    const file = driverFile('icd.d/gpu.json/inside', './libgpu.so');
    expect(examine()[1]).toMatchObject({
      status: 'broken',
      text: `${dirname(file)}: a folder, not a file`,
    });
  });

  test.skipIf(process.getuid?.() === 0)(
    `says what may not be read${process.getuid?.() === 0 ? ' (skipped: root may read everything)' : ''}`,
    () => {
      const file = driverFile('icd.d/gpu.json', './libgpu.so');
      chmodSync(file, 0);
      expect(examine()[1]).toMatchObject({ status: 'broken', text: `${file}: this user may not read it` });
      chmodSync(dirname(file), 0);
      expect(examine()[1]).toMatchObject({
        status: 'broken',
        text: `${dirname(file)}: this user may not read it`,
      });
      chmodSync(dirname(file), 0o755);
    },
  );

  test('other systems bring what WebGPU needs', () => {
    const elsewhere = examineVulkan({ platform: 'darwin', loader: loader(), env: {}, driverFolders: [] });
    expect(elsewhere).toMatchObject([{ status: 'ok', text: 'Metal, which is part of the system' }]);
  });

  test('looks where variables say that users and programs keep things', () => {
    const folders = (env: Record<string, string>): string[] =>
      vulkanDriverFolders(env).map((folder) => folder.replace('/vulkan/icd.d', ''));
    const system = ['/usr/local/etc', '/etc'];
    const shared = ['/usr/local/share', '/usr/share'];
    expect(folders({})).toEqual(['/etc/xdg', ...system, ...shared]);
    expect(folders({ HOME: '/me', XDG_DATA_DIRS: '' })).toEqual([
      '/me/.config',
      '/etc/xdg',
      ...system,
      '/me/.local/share',
      ...shared,
    ]);
    expect(
      folders({
        HOME: '/me',
        XDG_CONFIG_HOME: '/c',
        XDG_CONFIG_DIRS: '/d:/e',
        XDG_DATA_HOME: '/f',
        XDG_DATA_DIRS: '/g',
      }),
    ).toEqual(['/c', '/d', '/e', ...system, '/f', '/g']);
  });
});
