import { useEffect, useRef, useState } from 'preact/hooks';
import type * as PlotModule from '@observablehq/plot';
import { defineMessages } from '../i18n/define-messages.ts';
import { Notice } from './notice.tsx';
import { reloadHint } from './reload-hint.ts';

const chartMessages = defineMessages({
  en: { failed: 'This chart can’t be drawn' },
  el: { failed: 'Το διάγραμμα αυτό δεν μπορεί να σχεδιαστεί' },
});

export interface ChartProps {
  /** What is drawn and what it shows, for those who do not see it. */
  readonly label: string;
  /** Options for Plot at a width in px. Keep the function the same while nothing changes: it is drawn again when it does. */
  readonly draw: (Plot: typeof PlotModule, width: number) => PlotModule.PlotOptions;
  /** Told what was drawn, to add handlers to it. */
  readonly onDrawn?: (svg: SVGSVGElement) => void;
}

/** A chart by Observable Plot, as wide as its place. Plot is fetched with the first chart. */
export function Chart({ label, draw, onDrawn }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      setWidth(Math.round(entry.contentRect.width));
    });
    observer.observe(place.current!);
    return () => {
      observer.disconnect();
    };
  }, []);
  useEffect(() => {
    if (width === 0) return;
    let isCurrent = true;
    const drawWith = (Plot: typeof PlotModule): void => {
      if (!isCurrent) return;
      const svg = Plot.plot({ width, className: 'chart', ...draw(Plot, width) }) as SVGSVGElement;
      // The policy of content allows no style sheets but files; the same rules are in parts.css.
      for (const style of svg.querySelectorAll('style')) style.remove();
      // Within a picture nothing has a name of its own, and a group without a role must not have one.
      for (const group of svg.querySelectorAll('g[aria-label]')) group.removeAttribute('aria-label');
      svg.setAttribute('role', 'img');
      svg.setAttribute('aria-label', label);
      place.current?.replaceChildren(svg);
      onDrawn?.(svg);
    };
    void import('@observablehq/plot').then(drawWith, (error: unknown) => {
      if (isCurrent) setFailure((error as Error).message);
    });
    return () => {
      isCurrent = false;
    };
  }, [width, draw, label, onDrawn]);
  return (
    <>
      <div class="chart-place" ref={place} />
      {failure !== undefined && (
        <Notice tone="error" title={chartMessages().failed}>
          {failure} {reloadHint().text}
        </Notice>
      )}
    </>
  );
}
