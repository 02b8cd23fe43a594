import { findBlockedChannels } from '../find-blocked-channels.ts';
import { runModel } from './run-onnx.ts';

let found: Promise<number | undefined> | undefined;

/** How many channels blocked convolutions take together on this machine, if there are any; found out once. */
export function blockedChannelsHere(): Promise<number | undefined> {
  found ??= Promise.resolve(findBlockedChannels(runModel));
  return found;
}
