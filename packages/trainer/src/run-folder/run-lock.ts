import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { ExpectedError } from '../expected-error.ts';
import { withFileErrors } from './file-error.ts';

/** A lock that this process holds. */
export interface RunLock {
  /** Whether the lock file is still ours: nobody deleted it or took it over. */
  isHeld(): boolean;
  /** Removes the lock file if it is still ours. */
  release(): void;
}

/** What a lock file says of its holder, as JSON. */
const holderSchema = z.object({
  /** Of this one lock, so that its holder knows it again. */
  id: z.string(),
  host: z.string(),
  pid: z.int().min(1),
  /** When the process began, in clock ticks after the boot; `null` where the system doesn't tell. */
  processStart: z.string().nullable(),
  /** When it took the lock, as ISO 8601. */
  since: z.string(),
});

type Holder = z.infer<typeof holderSchema>;

/** How long a lock file may be without its text: its holder is between creating and writing it, or was killed there. */
const unwrittenMs = 500;

/**
 * Takes the lock that a file at `path` stands for. The file is created exclusively and names its holder; where it
 * exists but its holder is gone, also when another process has its number by now, it is taken over.
 *
 * Two processes that find the same left-behind lock don't both get it: taking over is a rename, which one of them wins,
 * and the winner puts back what it didn't mean to take.
 *
 * @throws ExpectedError when a process holds the lock, or one on another computer may, and when the file can't be written.
 */
export function acquireRunLock(path: string): RunLock {
  const processStart = processState(process.pid)?.start ?? null;
  const since = new Date().toISOString();
  const own: Holder = { id: randomUUID(), host: hostname(), pid: process.pid, processStart, since };
  return withFileErrors('lock', path, () => {
    let unwrittenSince: number | undefined;
    for (;;) {
      if (createLock(path, JSON.stringify(own)) && readIfThere(path) === JSON.stringify(own))
        return heldLock(path, own);
      const text = readIfThere(path);
      if (text === undefined) continue;
      const holder = parseHolder(text);
      if (holder === undefined) {
        unwrittenSince ??= performance.now();
        if (performance.now() - unwrittenSince < unwrittenMs) {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
          continue;
        }
      } else {
        refuseIfAlive(path, holder);
      }
      removeLock(path, text);
    }
  });
}

function heldLock(path: string, own: Holder): RunLock {
  const isHeld = (): boolean => readIfThere(path) === JSON.stringify(own);
  return {
    isHeld,
    release() {
      if (isHeld()) rmSync(path, { force: true });
    },
  };
}

/** Creates the lock file; false when there is one. */
function createLock(path: string, text: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx');
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/** Removes the lock file with this text, and no other that may have taken its place since it was read. */
function removeLock(path: string, text: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    // Another process was faster: the next look at the file shows whether it holds the lock now.
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') !== text) {
    try {
      linkSync(aside, path);
    } catch (error) {
      // A third process took the free place: whose lock we have here learns from isHeld() that it is lost.
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
  rmSync(aside, { force: true });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function parseHolder(text: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    // Neither the text of a lock nor one in the making: the caller waits a moment and then knows which.
    return undefined;
  }
}

function refuseIfAlive(path: string, { host, pid, processStart, since }: Holder): void {
  if (host !== hostname()) {
    throw new ExpectedError(
      `Cannot lock "${path}": one process at a time may work on a run, and process ${pid} on the computer "${host}" ` +
        `has done so since ${since}: wait for it, or delete the file if you know that it is gone.`,
    );
  }
  if (!isAlive(pid, processStart)) return;
  throw new ExpectedError(
    `Cannot lock "${path}": one process at a time may work on a run, and process ${pid} has done so since ${since}: ` +
      'wait for it, stop it, or choose another folder.',
  );
}

function isAlive(pid: number, processStart: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is such a process, and it is somebody else's.
    if (!hasCode(error, 'EPERM')) return false;
  }
  const state = processState(pid);
  if (state === undefined) return true;
  // A killed process keeps its number until its parent asks for it, which in a container may be never.
  if (state.state === 'Z' || state.state === 'X') return false;
  return processStart === null || state.start === processStart;
}

/** What Linux tells of a process (proc(5), /proc/PID/stat, fields 3 and 22); `undefined` elsewhere. */
function processState(pid: number): { readonly state: string; readonly start: string } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // No such system, or it hides other users' processes: kill(pid, 0) has to be enough.
    return undefined;
  }
  // The second field is the program's name in parentheses, with whatever characters it likes.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0], start: fields[19] };
}
