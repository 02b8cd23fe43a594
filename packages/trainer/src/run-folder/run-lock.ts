import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { ExpectedError } from '../expected-error.ts';
import { writeFileAtomic } from './atomic-file.ts';
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

/** How old the sign of a takeover, the work of a moment, may be before it counts as left behind. */
const takeoverMs = 2000;

/**
 * Takes the lock that a file at `path` stands for. The file is created exclusively and names its holder; where it
 * exists but its holder is gone, also when another process has its number by now, it is taken over. Of several
 * processes that find the same left-behind lock one gets it.
 *
 * @throws ExpectedError when a process holds the lock, or one on another computer may, and when the file can't be written.
 */
export function acquireRunLock(path: string): RunLock {
  const processStart = processState(process.pid)?.start ?? null;
  const since = new Date().toISOString();
  const own: Holder = { id: randomUUID(), host: hostname(), pid: process.pid, processStart, since };
  const ownText = JSON.stringify(own);
  return withFileErrors('lock', path, () => {
    let unwrittenSince: number | undefined;
    for (;;) {
      // Read again: whoever is stopped between creating and writing for long may find it taken over.
      if (createExclusively(path, ownText) && readIfThere(path) === ownText) return heldLock(path, ownText);
      const text = readIfThere(path);
      if (text === undefined) continue;
      const holder = parseHolder(text);
      if (holder !== undefined) {
        refuseIfAlive(path, holder);
      } else {
        unwrittenSince ??= performance.now();
        if (performance.now() - unwrittenSince < unwrittenMs) {
          pause();
          continue;
        }
      }
      if (takeOver(path, text, ownText)) return heldLock(path, ownText);
    }
  });
}

function heldLock(path: string, ownText: string): RunLock {
  const isHeld = (): boolean => readIfThere(path) === ownText;
  return {
    isHeld,
    release() {
      if (isHeld()) rmSync(path, { force: true });
    },
  };
}

/** Creates a file; false when there is one. */
function createExclusively(path: string, text: string): boolean {
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

/**
 * Puts our text in the place of a left-behind one; false when it is worth another look. A second file keeps others from
 * doing the same at the same time, and the lock file is never absent, so that nobody can create it in between.
 */
function takeOver(path: string, leftBehind: string, ownText: string): boolean {
  const sign = `${path}.takeover`;
  if (!createExclusively(sign, ownText)) {
    const stat = statSync(sign, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > takeoverMs) rmSync(sign, { force: true });
    else pause();
    return false;
  }
  try {
    if (readIfThere(path) !== leftBehind) return false;
    writeFileAtomic(path, ownText);
    return true;
  } finally {
    rmSync(sign, { force: true });
  }
}

/** Waits 10 ms without giving the turn to other code. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
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
