import { openOnnxSession, type OnnxDevice, type OnnxSession } from './onnx-session.ts';
import { closeAll } from './use-and-close.ts';

/** The sessions of one train step, one for each size of batch that occurs. */
export interface BatchSessions {
  /** The session for batches of `count` images, compiled when it is first asked for. */
  get(count: number): Promise<OnnxSession>;
  close(): Promise<void>;
}

/**
 * Keeps one session per batch size: graphs have fixed shapes, and an epoch's last batch is smaller as a rule.
 * @param compile gives the model for a batch size.
 */
export function batchSessions(
  compile: (count: number) => Uint8Array | Promise<Uint8Array>,
  settings: { device: OnnxDevice; threads: number; keep?: readonly string[] },
): BatchSessions {
  const sessions = new Map<number, Promise<OnnxSession>>();
  const open = async (count: number): Promise<OnnxSession> => openOnnxSession(await compile(count), settings);
  return {
    get(count) {
      const session = sessions.get(count) ?? open(count);
      sessions.set(count, session);
      return session;
    },
    async close() {
      // One that could not be opened is known to who asked for it.
      const outcomes = await Promise.allSettled(sessions.values());
      await closeAll(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
    },
  };
}
