import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** Why there is no Vulkan in software here; `undefined` where there is. */
export const noSoftwareVulkan =
  process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : `npm's @sparticuz/chromium has a Vulkan driver for linux x64 alone, and this is ${process.platform} ${process.arch}`;

/**
 * Environment variables by which a process finds Vulkan in software, and no GPU that the machine may have: SwiftShader and a
 * loader, which npm's package of Chromium brings along. Both are unpacked once, into `node_modules/.cache`. The variables
 * count when a process starts.
 */
export function softwareVulkan(): {
  VK_DRIVER_FILES: string;
  VK_ICD_FILENAMES: string;
  LD_LIBRARY_PATH: string;
} {
  const folder = unpacked();
  const driver = join(folder, 'vk_swiftshader_icd.json');
  // Loaders before 1.3.207 know the second name alone.
  return { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: folder };
}

function unpacked(): string {
  // The package exports no package.json: it lies two folders above the entry that `require` finds.
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const packageFolder = resolve(dirname(entry), '../..');
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = resolve(packageFolder, '../../.cache/narrows', `swiftshader-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  // Under its own name only when it is whole; another process may be first, and its folder is as good.
  const staging = mkdtempSync(`${folder}-`);
  const archive = join(staging, 'swiftshader.tar');
  writeFileSync(archive, brotliDecompressSync(readFileSync(join(packageFolder, 'bin/swiftshader.tar.br'))));
  execFileSync('tar', [
    '-xf',
    archive,
    '-C',
    staging,
    '--no-same-owner',
    'libvk_swiftshader.so',
    'libvulkan.so.1',
  ]);
  rmSync(archive);
  writeFileSync(
    join(staging, 'vk_swiftshader_icd.json'),
    JSON.stringify({
      file_format_version: '1.0.0',
      ICD: { library_path: './libvk_swiftshader.so', api_version: '1.0.5' },
    }),
  );
  try {
    renameSync(staging, folder);
  } catch (error) {
    rmSync(staging, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
