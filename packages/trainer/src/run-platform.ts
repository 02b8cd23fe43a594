import { arch, availableParallelism, cpus, release, type as osType } from 'node:os';
import type { RunManifest } from '@narrows/shared';
import packageJson from '../package.json' with { type: 'json' };

/** Version of Narrows. */
export const { version } = packageJson;

/** Where this process runs, and with which versions, as `run.json` records it. */
export function runPlatform(): RunManifest['platform'] {
  return {
    node: process.version,
    os: `${osType()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    // Dependencies are pinned, so these are the versions that are installed.
    versions: Object.fromEntries(
      Object.entries(packageJson.dependencies).filter(([name]) => !name.startsWith('@narrows/')),
    ),
  };
}
