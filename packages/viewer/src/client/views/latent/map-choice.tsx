import { formatCount } from '../../i18n/number-format.ts';
import { valuesPerImage } from '../../images/image-shape.ts';
import { Choice } from '../../parts/choice.tsx';
import { setParams } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';
import { latentMessages, methodNames } from './latent-messages.ts';
import type { LatentParams } from './latent-params.ts';

/** Which space is mapped, and how it is laid flat. */
export function MapChoice({
  run,
  params,
  isLoading,
}: {
  run: OpenRun;
  params: LatentParams;
  /** Whether what was chosen is not there yet. */
  isLoading: boolean;
}) {
  const words = latentMessages();
  const pixels = valuesPerImage(run);
  return (
    <div class="row latent-choice">
      <label class="field">
        <span>{words.space}</span>
        <select
          class="select"
          value={params.of}
          onChange={({ currentTarget }) => {
            // Numbers that were turned belong to the code of the space that is left.
            setParams({ of: currentTarget.value, code: undefined });
          }}
        >
          {run.codecs.map(({ id, title, latent }) => (
            <option key={id} value={id}>
              {words.codec(title, formatCount(latent))}
            </option>
          ))}
          <option value="pixels">{words.pixels(formatCount(pixels))}</option>
        </select>
      </label>
      <Choice
        label={words.method}
        options={params.methods.map((method) => ({ value: method, text: methodNames[method] }))}
        value={params.method}
        onChoose={(method) => {
          setParams({ method });
        }}
      />
      <span class="quiet" role="status">
        {isLoading && words.loading}
      </span>
    </div>
  );
}
