import { Slider } from '../../parts/slider.tsx';
import { setParams } from '../../state/route.ts';
import {
  dialNames,
  presetNames,
  presetsOf,
  settingsParams,
  untouched,
  type Dial,
  type DialSettings,
} from './dials.ts';
import type { ImageShape } from '../../images/image-shape.ts';
import { dialWords, robustnessMessages } from './robustness-messages.ts';

export interface DialBoardProps {
  readonly shape: ImageShape;
  readonly dials: readonly Dial[];
  readonly settings: DialSettings;
}

/** The dials that spoil an image, presets for them, and the way back. */
export function DialBoard({ shape, dials, settings }: DialBoardProps) {
  const words = robustnessMessages();
  const presets = presetsOf(shape);
  const turn = (next: DialSettings): void => {
    setParams(settingsParams(next));
  };
  return (
    <div class="robustness-dials">
      <div class="row" role="group" aria-label={words.presets}>
        {presetNames.map((name) => (
          <button
            key={name}
            type="button"
            class="button robustness-preset"
            aria-pressed={areSame(presets[name], settings)}
            onClick={() => {
              turn(presets[name]);
            }}
          >
            {words.presetNames[name]}
          </button>
        ))}
        <button
          type="button"
          class="button robustness-preset"
          // Disabled under the focus, it would lose it.
          aria-disabled={areSame(settings, untouched)}
          onClick={() => {
            turn(untouched);
          }}
        >
          {words.reset}
        </button>
      </div>
      <div class="robustness-sliders">
        {dials.map(({ name, min, max, step }) => {
          const { label, hint, value } = dialWords()[name];
          return (
            <Slider
              key={name}
              label={label}
              hint={hint}
              format={value}
              value={settings[name]}
              min={min}
              max={max}
              step={step}
              onInput={(next) => {
                turn({ ...settings, [name]: next });
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

function areSame(a: DialSettings, b: DialSettings): boolean {
  return dialNames.every((name) => Math.abs(a[name] - b[name]) < 1e-9);
}
