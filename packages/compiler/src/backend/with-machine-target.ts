import { findBlockedChannels } from '../find-blocked-channels.ts';
import { andThen, type Eventually, type GraphRuntime } from './graph-runtime.ts';

/**
 * A runtime that knows what it can do beyond standard operators on this machine's processor. Found out by trying, which
 * takes a fraction of a second.
 */
export function withMachineTarget(runtime: GraphRuntime): Eventually<GraphRuntime> {
  const blockedChannels = findBlockedChannels((bytes, inputs) =>
    andThen(runtime.load(bytes, { isSmall: true, nodes: 1 }), (loaded) =>
      andThen(loaded.run(new Map(Object.entries(inputs)), new Map()), (results) =>
        andThen(loaded.close(), () =>
          Object.fromEntries([...results].map(([name, data]) => [name, { data }])),
        ),
      ),
    ),
  );
  return andThen(blockedChannels, (channels) => ({ ...runtime, target: { blockedChannels: channels } }));
}
