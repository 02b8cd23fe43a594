import { useEffect, useState } from 'preact/hooks';
import { Choice } from '../../parts/choice.tsx';
import { runtime, startRuntime } from '../../state/runtime.ts';
import { findGpu } from '../../worker/find-gpu.ts';
import { verifyMessages } from './verify-messages.ts';

/** What the models run on: processor, or graphics where an adapter answers; else why not. */
export function DeviceChoice({ isDisabled }: { isDisabled: boolean }) {
  const words = verifyMessages();
  const [gpu, setGpu] = useState<Awaited<ReturnType<typeof findGpu>>>();
  const [isBusy, setIsBusy] = useState(false);
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
        value={at.device}
        options={[
          { value: 'wasm', text: words.wasm, isDisabled: isDisabled || isBusy },
          {
            value: 'webgpu',
            text: words.webgpu,
            isDisabled: isDisabled || isBusy || gpu === undefined || gpu === 'none',
          },
        ]}
        onChoose={(device) => {
          setIsBusy(true);
          void startRuntime(device).finally(() => {
            setIsBusy(false);
          });
        }}
      />
      <p class="small quiet" role="status">
        {isBusy ? words.deviceBusy : hints.join(' ')}
      </p>
    </div>
  );
}
