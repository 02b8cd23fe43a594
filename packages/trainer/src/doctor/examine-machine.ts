import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { sizeText } from '../report/number-text.ts';
import type { Finding } from './finding.ts';
import { readText } from './read-text.ts';

/** The first version of Node that Narrows runs on, as in the root's package.json. */
const oldestNode = [20, 19] as const;
/** What a whole study leaves, with its checkpoints, and some to spare. */
const neededDiskBytes = 1e9;
/** What training the largest model of the study takes at most. */
const neededMemoryBytes = 2e9;

/** What the doctor needs to know of the process it runs in. */
export interface MachineFacts {
  /** As `process.version` has it: `v20.19.0`. */
  readonly nodeVersion: string;
  readonly platform: string;
  readonly arch: string;
  /** Folders that are written to, by what for. They need not exist yet. */
  readonly folders: Readonly<Record<string, string>>;
}

/** Whether Node, cores, memory and disk suffice. */
export function examineMachine({ nodeVersion, platform, arch, folders }: MachineFacts): Finding[] {
  return [
    examineNode(nodeVersion, `${platform} ${arch}`),
    {
      section: 'Machine',
      name: 'cores',
      status: 'ok',
      text: `${availableParallelism()} for this process (${cpus()[0]?.model.trim() || 'a processor without a name'})`,
    },
    examineMemory(),
    ...Object.entries(folders).map(([name, folder]) => examineDisk(name, folder)),
  ];
}

function examineNode(version: string, platform: string): Finding {
  const [major, minor] = version.slice(1).split('.').map(Number);
  const suffices = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const oldest = oldestNode.join('.');
  return {
    section: 'Machine',
    name: 'Node',
    status: suffices ? 'ok' : 'broken',
    text: `${version} on ${platform}`,
    ...(suffices ? {} : { remedy: `Install Node ${oldest} or later.` }),
  };
}

function examineMemory(): Finding {
  // What caches hold counts as free, which only Linux tells.
  const meminfo = readText('/proc/meminfo');
  const available = 'text' in meminfo ? /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo.text)?.[1] : undefined;
  const free = available === undefined ? freemem() : Number(available) * 1024;
  const suffices = free >= neededMemoryBytes;
  return {
    section: 'Machine',
    name: 'memory',
    status: suffices ? 'ok' : 'broken',
    text: `${gigabytes(free)} free of ${gigabytes(totalmem())}`,
    ...(suffices ? {} : { remedy: `Free some: training may take ${gigabytes(neededMemoryBytes)}.` }),
  };
}

function examineDisk(name: string, folder: string): Finding {
  const { bavail, bsize } = statfsSync(nearestExisting(folder));
  const free = bavail * bsize;
  const suffices = free >= neededDiskBytes;
  return {
    section: 'Machine',
    name,
    status: suffices ? 'ok' : 'broken',
    text: `${gigabytes(free)} free for ${folder}`,
    ...(suffices
      ? {}
      : {
          remedy: `Free some: a whole study takes up to ${sizeText(neededDiskBytes)}, or write elsewhere with --out.`,
        }),
  };
}

/** The folder itself or the nearest one around it that exists. */
function nearestExisting(folder: string): string {
  let path = resolve(folder);
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Folders that Narrows writes to, seen from the folder it is started in. */
export function writtenFolders(current: string): Record<string, string> {
  return { 'runs folder': join(current, 'runs'), caches: join(current, 'node_modules', '.cache', 'narrows') };
}
