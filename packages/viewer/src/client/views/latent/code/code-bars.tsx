import { useRef } from 'preact/hooks';
import { formatFixed } from '../../../i18n/number-format.ts';
import { codeMessages } from './code-messages.ts';
import type { CoordinateRange } from './coordinate-ranges.ts';

/** Parts of a coordinate's range that one press of a key moves it by. */
const keySteps: Readonly<Record<string, number>> = {
  ArrowUp: 1 / 40,
  ArrowDown: -1 / 40,
  PageUp: 1 / 8,
  PageDown: -1 / 8,
};

export interface CodeBarsProps {
  readonly ranges: readonly CoordinateRange[];
  /** Indices of the coordinates in the order in which they stand. */
  readonly order: readonly number[];
  /** The code as the encoder gives it, and as it is now. */
  readonly original: Float32Array;
  readonly values: Float32Array;
  /** The coordinate at hand, the one that the tab key leads to. */
  readonly current: number;
  readonly onCurrent: (coordinate: number) => void;
  /** @param value `undefined` puts it back */
  readonly onChange: (coordinate: number, value: number | undefined) => void;
}

/**
 * A code as bars, each of which is a slider: a mouse drags it, the keys up and down turn it, left and right lead to the
 * next. A finger only picks one, lest a page that is scrolled changes it.
 */
export function CodeBars(props: CodeBarsProps) {
  const words = codeMessages();
  const place = useRef<HTMLDivElement>(null);
  const { order, current, onCurrent } = props;
  const go = (steps: number): void => {
    const next = order[(order.indexOf(current) + steps + order.length) % order.length];
    onCurrent(next);
    place.current!.querySelector<HTMLElement>(`[data-coordinate="${next}"]`)!.focus();
  };
  return (
    <div ref={place} class="latent-bars" role="group" aria-label={words.bars}>
      {order.map((coordinate) => (
        <CodeBar key={coordinate} {...props} coordinate={coordinate} onGo={go} />
      ))}
    </div>
  );
}

function CodeBar({
  coordinate,
  ranges,
  original,
  values,
  current,
  onCurrent,
  onChange,
  onGo,
}: CodeBarsProps & { coordinate: number; onGo: (steps: number) => void }) {
  const words = codeMessages();
  const { min, max } = ranges[coordinate];
  const isConstant = max <= min;
  const value = values[coordinate];
  const isEdited = value !== original[coordinate];
  const shareOf = (at: number): number =>
    isConstant ? 0 : Math.min(1, Math.max(0, (at - min) / (max - min)));
  const clamp = (at: number): number => Math.min(max, Math.max(min, at));
  const base = shareOf(0);
  const share = shareOf(value);

  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (key === 'ArrowLeft') onGo(-1);
    else if (key === 'ArrowRight') onGo(1);
    else if (isConstant) return;
    else if (key in keySteps) onChange(coordinate, clamp(value + keySteps[key] * (max - min)));
    else if (key === 'Home') onChange(coordinate, min);
    else if (key === 'End') onChange(coordinate, max);
    else if (key === 'Delete' || key === 'Backspace') onChange(coordinate, undefined);
    else return;
    event.preventDefault();
  };
  const drag = (event: PointerEvent & { readonly currentTarget: HTMLElement }): void => {
    const { currentTarget: bar, pointerId, pointerType, clientY } = event;
    if (isConstant || pointerType === 'touch' || !bar.hasPointerCapture(pointerId)) return;
    const { bottom, height } = bar.getBoundingClientRect();
    onChange(coordinate, clamp(min + ((bottom - clientY) / height) * (max - min)));
  };

  return (
    <div
      class={['latent-bar', isEdited && 'edited', coordinate === current && 'current']
        .filter(Boolean)
        .join(' ')}
      data-coordinate={coordinate}
      role="slider"
      tabIndex={coordinate === current ? 0 : -1}
      aria-orientation="vertical"
      aria-label={words.coordinate(coordinate)}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={value}
      aria-valuetext={
        isConstant
          ? words.constant
          : words.valueText(formatFixed(value, 2), formatFixed(original[coordinate], 2), isEdited)
      }
      aria-disabled={isConstant}
      title={`${words.coordinate(coordinate)}: ${formatFixed(value, 2)}`}
      onKeyDown={onKeyDown}
      onFocus={() => {
        onCurrent(coordinate);
      }}
      onPointerDown={(event) => {
        onCurrent(coordinate);
        if (event.pointerType !== 'touch') event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
    >
      <span
        class="latent-bar-track"
        style={{
          '--low': `${100 * Math.min(base, share)}%`,
          '--high': `${100 * Math.max(base, share)}%`,
          '--base': `${100 * base}%`,
          '--was': `${100 * shareOf(original[coordinate])}%`,
        }}
      >
        <i />
      </span>
      <span class="latent-bar-name" aria-hidden="true">
        {coordinate}
      </span>
    </div>
  );
}
