import { useId, useRef } from 'preact/hooks';
import { formatCount, formatPercent } from '../../i18n/number-format.ts';
import { positionOf, widthAfterKey, widthAt, widthTicks } from './width-scale.ts';
import { widthsMessages } from './widths-messages.ts';

export interface WidthSliderProps {
  readonly width: number;
  readonly widest: number;
  /** Numbers that an image has. */
  readonly pixels: number;
  /** Widths that page keys stop at, ascending. */
  readonly stops: readonly number[];
  /** Element that says what keys do. */
  readonly hintId: string;
  readonly onWidth: (width: number) => void;
}

/** The width of the bottleneck, each doubling as long as the next. */
export function WidthSlider({ width, widest, pixels, stops, hintId, onWidth }: WidthSliderProps) {
  const words = widthsMessages();
  const id = useId();
  const isDragged = useRef(false);
  const value = words.widthValue(formatCount(width), formatCount(pixels), formatPercent(width / pixels, 1));
  return (
    <div class="slider widths-slider">
      <div class="slider-head">
        <label for={id}>{words.width}</label>
        <b>{value}</b>
      </div>
      <input
        id={id}
        type="range"
        min={0}
        max={positionOf(widest)}
        step="any"
        value={positionOf(width)}
        aria-valuetext={value}
        aria-describedby={hintId}
        onPointerDown={() => {
          isDragged.current = true;
        }}
        onPointerUp={() => {
          isDragged.current = false;
        }}
        onPointerCancel={() => {
          isDragged.current = false;
        }}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          const next = widthAfterKey(event.key, { width, widest, stops });
          if (next === undefined) return;
          event.preventDefault();
          onWidth(next);
        }}
        onInput={({ currentTarget }) => {
          const next = widthAt(Number(currentTarget.value));
          // Screen readers on phones ask for steps of a size of their own, which may be less than one number.
          const step = Math.sign(Number(currentTarget.value) - positionOf(width));
          onWidth(next === width && !isDragged.current ? clamp(width + step, widest) : next);
        }}
      />
      <div class="widths-ticks small quiet" aria-hidden="true">
        {widthTicks(widest).map((tick) => (
          <span
            key={tick}
            ref={(mark) =>
              mark?.style.setProperty('--at', String(positionOf(tick) / Math.max(1e-9, positionOf(widest))))
            }
          >
            {tick}
          </span>
        ))}
      </div>
    </div>
  );
}

function clamp(width: number, widest: number): number {
  return Math.min(widest, Math.max(1, width));
}
