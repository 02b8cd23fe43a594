import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpecCounts } from './count-specs.ts';

/** What other backends of tfjs 4.22 pass of the same suite, as `main.ts --update` measured it. */
export type PeerCounts = Readonly<Record<'cpu' | 'wasm', SpecCounts>>;

export const peersFile = join(import.meta.dirname, 'peers.json');

export function readPeerCounts(): PeerCounts {
  return JSON.parse(readFileSync(peersFile, 'utf8')) as PeerCounts;
}
