import { join } from 'node:path';
import type { Hono } from 'hono';
import { createApp } from '../app.ts';
import { folderTree } from '../folder-tree.ts';
import { hostRule } from '../host-rule.ts';
import { openBuild } from '../open-build.ts';
import { temporaryFolder } from './run-folders.ts';
import { writeBuild } from './written-build.ts';

/** An app over a temporary folder of its own. */
export interface WrittenServer {
  readonly app: Hono;
  /** To be taken away in the end. */
  readonly folder: string;
  /** The visitor's runs, none at first. */
  readonly runs: string;
  readonly dist: string;
  /** What the app reported as defects. */
  readonly reported: readonly unknown[];
  /** Says that the server is about to end. */
  readonly close: () => void;
}

/** Opens an app over a written build and a folder of runs that is empty. */
export function openWrittenServer({ now = Date.now }: { now?: () => number } = {}): WrittenServer {
  const folder = temporaryFolder();
  const [dist, runs] = [join(folder, 'dist'), join(folder, 'runs')];
  writeBuild(dist);
  const closing = new AbortController();
  const reported: unknown[] = [];
  const app = createApp({
    ...openBuild(dist),
    runs: folderTree(runs),
    allowsHost: hostRule('127.0.0.1', ['narrows.example']),
    now,
    closing: closing.signal,
    report: (error) => reported.push(error),
  });
  return {
    app,
    folder,
    runs,
    dist,
    reported,
    close: () => {
      closing.abort();
    },
  };
}
