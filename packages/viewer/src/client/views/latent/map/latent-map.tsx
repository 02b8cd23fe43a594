import { useEffect, useRef, useState } from 'preact/hooks';
import { Choice } from '../../../parts/choice.tsx';
import { theme } from '../../../state/settings.ts';
import type { MapScene } from './draw-map.ts';
import { followGestures } from './follow-gestures.ts';
import { MapButtons } from './map-buttons.tsx';
import { mapMessages } from './map-messages.ts';
import {
  panBy,
  pixelsPerUnit,
  toMap,
  viewWith,
  wholeMap,
  zoomAt,
  zoomStep,
  type Bounds,
} from './map-view.ts';
import { directions, nearestPoint, nextPoint } from './nearest-point.ts';
import { paintMap, type PaintedMap } from './paint-map.ts';

type MapTool = 'move' | 'lasso';

export interface LatentMapProps {
  /** What is mapped, for those who do not see it. */
  readonly label: string;
  /** Id of the text that says how it is used. */
  readonly helpId: string;
  readonly scene: MapScene;
  readonly bounds: Bounds;
  /** Of the classes, as CSS has them. */
  readonly colours: readonly string[];
  readonly loadImages: (indices: readonly number[]) => Promise<Uint8Array>;
  readonly imageShape: readonly [number, number, number];
  readonly onHover: (index: number | undefined) => void;
  readonly onMark: (index: number) => void;
  /** @param polygon corners in the map's units */
  readonly onLasso: (polygon: readonly (readonly [number, number])[]) => void;
}

/** So far the map moves with each press, as a share of its smaller side. */
const panStep = 0.2;

/**
 * The map with its controls. It must be given a new `key` with new coordinates.
 *
 * Dragging moves it, or draws a lasso with that tool or the shift key; a wheel, two fingers, + and − zoom; a tap marks a
 * point; arrow keys go from point to point, with shift they move the map.
 */
export function LatentMap(props: LatentMapProps) {
  const { label, helpId, scene, bounds, colours, imageShape } = props;
  const words = mapMessages();
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = useRef<PaintedMap>(null);
  const [tool, setTool] = useState<MapTool>('move');
  const [zoom, setZoom] = useState(1);
  // Handlers are attached once and must see what is true when they are called.
  const now = useRef({ ...props, tool });
  now.current = { ...props, tool };

  useEffect(() => {
    const painted = paintMap(canvas.current!, {
      scene: now.current.scene,
      bounds,
      colours,
      loadImages: (indices) => now.current.loadImages(indices),
      imageShape,
      onView: (view) => {
        setZoom(view.zoom);
      },
    });
    map.current = painted;
    const endGestures = followGestures(canvas.current!, mapHandlers(painted, now));
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', painted.readColours);
    return () => {
      dark.removeEventListener('change', painted.readColours);
      endGestures();
      painted.end();
    };
  }, []);
  useEffect(() => {
    map.current!.setScene(scene);
  }, [scene]);
  useEffect(() => {
    map.current!.readColours();
  }, [theme.value]);
  // Somebody may have marked a point elsewhere on the page, by its number.
  useEffect(() => {
    if (scene.marked !== undefined) showPoint(map.current!, scene.coordinates, scene.marked);
  }, [scene.marked]);

  const pan = (right: number, up: number): void => {
    const { width, height } = map.current!.frame();
    const step = panStep * Math.min(width, height);
    map.current!.setView(panBy(map.current!.view(), map.current!.frame(), [-right * step, up * step]));
  };
  const zoomBy = (factor: number): void => {
    const frame = map.current!.frame();
    map.current!.setView(
      zoomAt(map.current!.view(), frame, { factor, at: [frame.width / 2, frame.height / 2] }),
    );
  };
  const showWhole = (): void => {
    map.current!.setView(wholeMap(bounds));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    if (key in directions) {
      const direction = directions[key as keyof typeof directions];
      if (event.shiftKey) pan(direction[0], direction[1]);
      else markNext(map.current!, now.current, direction);
    } else if (key === '+' || key === '=') zoomBy(zoomStep);
    else if (key === '-' || key === '_') zoomBy(1 / zoomStep);
    else if (key === '0') showWhole();
    else return;
    event.preventDefault();
  };

  return (
    <div class="latent-map">
      <div class="row latent-map-tools">
        <Choice
          label={words.drag}
          options={[
            { value: 'move', text: words.move },
            { value: 'lasso', text: words.lasso },
          ]}
          value={tool}
          onChoose={setTool}
        />
        <MapButtons zoom={zoom} onPan={pan} onZoom={zoomBy} onWhole={showWhole} />
      </div>
      <canvas
        ref={canvas}
        class={`latent-map-canvas ${tool} ${zoom > 1 ? 'closer' : ''}`}
        tabIndex={0}
        role="application"
        aria-label={label}
        aria-describedby={helpId}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

function showPoint(map: PaintedMap, coordinates: Float32Array, index: number): void {
  if (map.frame().width === 0 || 2 * index >= coordinates.length) return;
  map.setView(viewWith(map.view(), map.frame(), [coordinates[2 * index], coordinates[2 * index + 1]]));
}

/** Marks the next point in a direction; without one marked, the one nearest to the centre. */
function markNext(
  map: PaintedMap,
  { scene: { coordinates, marked, shown }, onMark, onHover }: LatentMapProps,
  direction: readonly [number, number],
): void {
  const next =
    marked === undefined || 2 * marked >= coordinates.length
      ? nearestPoint(coordinates, [map.view().x, map.view().y], { shown, within: Infinity })
      : nextPoint(coordinates, marked, { direction, shown });
  if (next === undefined) return;
  showPoint(map, coordinates, next);
  // A pointer that was left on the map must not hide what the keys lead to.
  onHover(undefined);
  onMark(next);
}

/** What gestures do to the map. */
function mapHandlers(
  map: PaintedMap,
  now: { readonly current: LatentMapProps & { readonly tool: MapTool } },
): Parameters<typeof followGestures>[1] {
  const pointAt = (at: readonly [number, number], reach: number): number | undefined => {
    const { coordinates, shown } = now.current.scene;
    return nearestPoint(coordinates, toMap(map.view(), map.frame(), at), {
      shown,
      within: reach / pixelsPerUnit(map.view(), map.frame()),
    });
  };
  let corners: (readonly [number, number])[] = [];
  return {
    isLasso: (event) => now.current.tool === 'lasso' || event.shiftKey,
    isWhole: () => map.view().zoom <= 1,
    onPan: (way) => {
      map.setView(panBy(map.view(), map.frame(), way));
    },
    onZoom: (factor, at) => {
      map.setView(zoomAt(map.view(), map.frame(), { factor, at }));
      now.current.onHover(pointAt(at, 12));
    },
    onHover: (at) => {
      now.current.onHover(at && pointAt(at, 12));
    },
    onTap: (at, reach) => {
      const index = pointAt(at, reach);
      if (index !== undefined) now.current.onMark(index);
    },
    onLasso: (step, at) => {
      if (step === 'start') corners = [];
      corners = [...corners, toMap(map.view(), map.frame(), at)];
      if (step === 'end') now.current.onLasso(corners);
      map.setLasso(step === 'end' || step === 'cancel' ? [] : corners);
    },
  };
}
