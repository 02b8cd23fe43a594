import { useMemo, useState } from 'preact/hooks';
import { classColours, seriesOnLight } from '@narrows/shared';
import { formatCount } from '../../i18n/number-format.ts';
import { valuesPerImage } from '../../images/image-shape.ts';
import { lab } from '../../lab.ts';
import { setParams } from '../../state/route.ts';
import type { OpenRun } from '../../state/run.ts';
import type { ModelKey } from '../../worker/lab-api.ts';
import { latentMessages, methodNames, nameOfPicture } from './latent-messages.ts';
import type { LatentParams } from './latent-params.ts';
import type { LoadedMap } from './load-map.ts';
import { MapFoot } from './map-foot.tsx';
import type { MapMark, MapScene } from './map/draw-map.ts';
import { LatentMap } from './map/latent-map.tsx';
import { MarkedPoint } from './marked-point.tsx';
import { pointsInPolygon } from './selection/select-points.ts';
import { SelectionPanel } from './selection/selection-panel.tsx';
import type { PlacedPicture } from './use-placement.ts';

/** The map with its legend, the point that is looked at, and what is selected. */
export function MapPanel({
  run,
  map,
  params: { point, from },
  codec,
  classifierId,
  placed,
  path,
  selection,
  onSelect,
}: {
  run: OpenRun;
  map: LoadedMap;
  params: LatentParams;
  codec: ModelKey | undefined;
  classifierId: string | undefined;
  /** Where the image at hand lies. */
  placed: PlacedPicture | undefined;
  /** Places of the path's steps on this map. */
  path: readonly (readonly [number, number])[] | undefined;
  selection: readonly number[] | undefined;
  onSelect: (selection: readonly number[] | undefined) => void;
}) {
  const words = latentMessages();
  const [hovered, setHovered] = useState<number>();
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const colours = useMemo(() => coloursOfClasses(run.classNames.length), [run]);
  const shown = useMemo(
    () => Uint8Array.from({ length: map.points }, (_, i) => (hidden.has(map.labels[i]) ? 0 : 1)),
    [map, hidden],
  );
  const selected = useMemo(() => {
    if (selection === undefined || selection.length === 0) return undefined;
    const mask = new Uint8Array(map.points);
    for (const i of selection) if (i < map.points) mask[i] = 1;
    return mask;
  }, [map, selection]);
  const marks = useMemo(
    () => namePlaces(placed, path, { isPathFromHand: from === undefined, words }),
    [placed, path, from, words],
  );
  const scene: MapScene = useMemo(
    () => ({
      coordinates: map.coordinates,
      labels: map.labels,
      shown,
      selected,
      anchors: map.anchors.filter(({ label }) => !hidden.has(label)),
      classNames: run.classNames,
      marked: point !== undefined && point < map.points ? point : undefined,
      hovered,
      marks,
      path: path ?? [],
    }),
    [map, shown, selected, hidden, point, hovered, marks, path, run],
  );
  const spaceName =
    map.of === 'pixels'
      ? words.pixels(formatCount(valuesPerImage(run)))
      : run.codecs.find(({ id }) => id === map.of)!.title;
  return (
    <>
      <div class="panel latent-map-panel">
        <LatentMap
          key={`${map.of}/${map.method}`}
          label={words.mapLabel(spaceName, methodNames[map.method], formatCount(map.points))}
          helpId="latent-map-help"
          scene={scene}
          bounds={map.bounds}
          colours={colours}
          loadImages={(indices) => lab.testImageBytes(run.id, indices)}
          imageShape={run.imageShape}
          onHover={setHovered}
          onMark={(index) => {
            setParams({ point: String(index) });
          }}
          onLasso={(polygon) => {
            onSelect(pointsInPolygon(map.coordinates, { polygon, shown }));
          }}
        />
        <MarkedPoint
          run={run}
          of={map.of}
          codec={codec}
          classifier={classifierId}
          marked={point}
          hovered={hovered}
          points={map.points}
        />
        <MapFoot run={run} map={map} colours={colours} hidden={hidden} onHide={setHidden} />
      </div>
      <SelectionPanel
        run={run}
        map={map}
        shown={shown}
        colours={colours}
        marked={point}
        classifier={classifierId}
        selection={selection}
        onSelect={onSelect}
      />
    </>
  );
}

/** The series' colours, which have enough contrast on either ground, while there are enough of them. */
function coloursOfClasses(count: number): string[] {
  if (count > seriesOnLight.length) return classColours(count);
  return Array.from({ length: count }, (_, i) => `var(--series-${i})`);
}

/** Names on the map: the image at hand, and the ends of the path. */
function namePlaces(
  placed: PlacedPicture | undefined,
  path: readonly (readonly [number, number])[] | undefined,
  { isPathFromHand, words }: { isPathFromHand: boolean; words: ReturnType<typeof latentMessages> },
): MapMark[] {
  const marks: MapMark[] = [];
  if (placed !== undefined) {
    const name = nameOfPicture(placed.picture.index, formatCount);
    marks.push({
      at: placed.at,
      text: isPathFromHand && path !== undefined ? `${words.from}: ${name}` : name,
    });
  }
  if (path !== undefined) {
    if (!isPathFromHand) marks.push({ at: path[0], text: words.from });
    marks.push({ at: path.at(-1)!, text: words.to });
  }
  return marks;
}
