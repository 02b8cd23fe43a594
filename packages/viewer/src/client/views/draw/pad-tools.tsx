import { useEffect } from 'preact/hooks';
import { formatFixed } from '../../i18n/number-format.ts';
import { Slider } from '../../parts/slider.tsx';
import { setParams } from '../../state/route.ts';
import { drawMessages } from './draw-messages.ts';
import { isEmpty } from './drawing.ts';
import { brushPixels, brushWidths, padKeysId } from './pad.tsx';
import { clearPad, drawingHistory, redoStep, undoStep } from './pad-state.ts';

/** Undo, redo, clear, the brush, and how to draw by keyboard. Ctrl+Z and its kin work wherever no text is being written. */
export function PadTools() {
  const words = drawMessages();
  const { past, present, future } = drawingHistory.value;
  useEffect(() => {
    document.addEventListener('keydown', onShortcut);
    return () => {
      document.removeEventListener('keydown', onShortcut);
    };
  }, []);
  return (
    <div class="draw-tools">
      {/* Disabled under the focus, they would lose it. */}
      <div class="row">
        <button type="button" class="button" aria-disabled={past.length === 0} onClick={undoStep}>
          <Arrow /> {words.undo}
        </button>
        <button type="button" class="button" aria-disabled={future.length === 0} onClick={redoStep}>
          <Arrow isMirrored /> {words.redo}
        </button>
        <button type="button" class="button" aria-disabled={isEmpty(present)} onClick={clearPad}>
          {words.clear}
        </button>
      </div>
      <Slider
        label={words.brush}
        value={brushPixels()}
        min={brushWidths.least}
        max={brushWidths.most}
        step={brushWidths.step}
        format={(pixels) => words.brushWidth(formatFixed(pixels, 1))}
        onInput={(pixels) => {
          setParams({ brush: pixels === brushWidths.first ? undefined : String(pixels) });
        }}
      />
      <p id={padKeysId} class="small quiet draw-keys">
        {words.padKeys}
      </p>
    </div>
  );
}

function Arrow({ isMirrored = false }: { isMirrored?: boolean }) {
  return (
    <svg class={isMirrored ? 'draw-arrow mirrored' : 'draw-arrow'} viewBox="0 0 16 16" aria-hidden="true">
      <path d="M6 3L2.5 6.5L6 10M3 6.5h6a4 4 0 0 1 0 8h-2" />
    </svg>
  );
}

function onShortcut(event: KeyboardEvent): void {
  const isWriting =
    event.target instanceof HTMLInputElement && ['text', 'number', 'search'].includes(event.target.type);
  if (isWriting || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  if (key !== 'z' && key !== 'y') return;
  event.preventDefault();
  if (key === 'y' || event.shiftKey) redoStep();
  else undoStep();
}
