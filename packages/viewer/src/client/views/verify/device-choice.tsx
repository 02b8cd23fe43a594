import { useEffect, useState } from 'preact/hooks';
import { Choice } from '../../parts/choice.tsx';
import { runtime, startRuntime } from '../../state/runtime.ts';
import type { Runtime } from '../../worker/lab-api.ts';
import { findGpu } from '../../worker/find-gpu.ts';
import { verifyMessages } from './verify-messages.ts';

/** What the models run on: processor, or graphics where an adapter answers; else why not. */
export function DeviceChoice({ isDisabled }: { isDisabled: boolean }) {
  const words = verifyMessages();
  const [gpu, setGpu] = useState<Awaited<ReturnType<typeof findGpu>>>();
  const [asked, setAsked] = useState<{ readonly device: Runtime['device'] }>();
  useEffect(() => {
    void findGpu().then(setGpu);
  }, []);
  const at = runtime.value;
  if (at === undefined) return null;
  const hints = [
    gpu === 'none' && words.noGpu,
    gpu === 'software' && words.softwareGpu,
    at.reason === 'failed' && words.gpuFailed,
    at.reason === 'slower' && words.gpuSlower,
    at.reason === 'disagreed' && words.gpuDisagreed,
    at.reason === 'not-isolated' && words.notIsolated,
  ].filter((hint) => hint !== false);
  return (
    <div class="stack verify-device">
      <Choice
        label={words.device}
        // Not disabled while it is being made ready: the one that was chosen has the focus.
        value={asked?.device ?? at.device}
        options={[
          { value: 'wasm', text: words.wasm, isDisabled },
          {
            value: 'webgpu',
            text: words.webgpu,
            isDisabled: isDisabled || gpu === undefined || gpu === 'none',
          },
        ]}
        onChoose={(device) => {
          const mine = { device };
          setAsked(mine);
          void startRuntime(device).finally(() => {
            setAsked((newest) => (newest === mine ? undefined : newest));
          });
        }}
      />
      <p class="small quiet" role="status">
        {asked !== undefined ? words.deviceBusy : hints.join(' ')}
      </p>
    </div>
  );
}
