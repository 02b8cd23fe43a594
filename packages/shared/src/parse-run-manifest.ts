import { parseVersionedJson } from './parse-versioned-json.ts';
import { runManifestSchema, runManifestVersion, type RunManifest } from './run-manifest.ts';

/** A text is not a run manifest that this Narrows can use. Its message is one line for people. */
export class RunManifestError extends Error {
  override readonly name = 'RunManifestError';
}

/**
 * Reads the text of a `run.json`.
 *
 * @param text JSON
 * @param where what the text was read from, for the error: a path or an address
 * @returns the manifest, every rule of `runManifestSchema` holding
 * @throws RunManifestError if the text is no JSON, of another schema version, or breaks a rule; it names the first
 *   place that does, the rule and the value
 */
export function parseRunManifest(text: string, where: string): RunManifest {
  return parseVersionedJson(text, where, {
    subject: 'run manifest',
    version: runManifestVersion,
    schema: runManifestSchema,
    remake: 'train again',
    error: (message) => new RunManifestError(message),
  });
}
