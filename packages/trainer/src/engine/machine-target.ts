import { findBlockedChannels, type Target } from '@narrows/compiler';
import { openOnnxSession } from './onnx-session.ts';
import { useAndClose } from './use-and-close.ts';

let found: Promise<Target> | undefined;

/**
 * What onnxruntime can do on this machine's cpu beyond standard operators. Found out by trying when it is first asked for,
 * which takes a fraction of a second, and remembered.
 */
export function machineTarget(): Promise<Target> {
  found ??= findTarget();
  return found;
}

async function findTarget(): Promise<Target> {
  return {
    blockedChannels: await findBlockedChannels(async (bytes, inputs) => {
      const session = await openOnnxSession(bytes, { device: 'cpu', threads: 1 });
      return useAndClose(session, () => session.run(inputs));
    }),
  };
}
