import { useId } from 'preact/hooks';

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The value with its unit, as it is shown and read out. */
  readonly format: (value: number) => string;
  readonly onInput: (value: number) => void;
  /** What the value does, in a line. */
  readonly hint?: string;
}

/** A number on a scale, with its name and value above it. */
export function Slider({ label, value, min, max, step, format, onInput, hint }: SliderProps) {
  const id = useId();
  return (
    <div class="slider">
      <div class="slider-head">
        <label for={id}>{label}</label>
        <b>{format(value)}</b>
      </div>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={format(value)}
        {...(hint === undefined ? {} : { 'aria-describedby': `${id}-hint` })}
        onInput={({ currentTarget }) => {
          onInput(Number(currentTarget.value));
        }}
      />
      {hint !== undefined && (
        <p class="small quiet" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
