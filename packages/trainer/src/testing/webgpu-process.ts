/** A process that does the work it is sent on WebGPU, and answers with the result or with what went wrong. */
import { chooseEngine } from '../engine/choose-engine.ts';
import { workOn, type DeviceWork } from './device-work.ts';

process.on('message', (work: DeviceWork | 'choose') => {
  void answer(work).then(
    (result) => process.send!({ result }),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});

async function answer(work: DeviceWork | 'choose'): Promise<unknown> {
  if (work !== 'choose') return workOn('webgpu', work);
  return (await chooseEngine({ engine: 'auto', device: 'webgpu', threads: 1 })).reason;
}
