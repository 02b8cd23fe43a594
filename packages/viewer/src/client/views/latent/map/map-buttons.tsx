import { mapMessages } from './map-messages.ts';
import { largestZoom, zoomStep } from './map-view.ts';

/** Moves and zooms the map, for those who have no wheel and no second finger. */
export function MapButtons({
  zoom,
  onPan,
  onZoom,
  onWhole,
}: {
  zoom: number;
  /** Moves by so many steps, the other way where negative. */
  onPan: (right: number, up: number) => void;
  onZoom: (factor: number) => void;
  onWhole: () => void;
}) {
  const words = mapMessages();
  return (
    <div class="latent-map-buttons" role="group" aria-label={words.mapControls}>
      <MapButton
        label={words.left}
        onClick={() => {
          onPan(-1, 0);
        }}
        path="M14 5L7 12L14 19"
      />
      <MapButton
        label={words.up}
        onClick={() => {
          onPan(0, 1);
        }}
        path="M5 14L12 7L19 14"
      />
      <MapButton
        label={words.down}
        onClick={() => {
          onPan(0, -1);
        }}
        path="M5 10L12 17L19 10"
      />
      <MapButton
        label={words.right}
        onClick={() => {
          onPan(1, 0);
        }}
        path="M10 5L17 12L10 19"
      />
      <MapButton
        label={words.closer}
        isDisabled={zoom >= largestZoom}
        onClick={() => {
          onZoom(zoomStep);
        }}
        path="M12 5V19M5 12H19"
      />
      <MapButton
        label={words.further}
        isDisabled={zoom <= 1}
        onClick={() => {
          onZoom(1 / zoomStep);
        }}
        path="M5 12H19"
      />
      <MapButton label={words.whole} onClick={onWhole} path="M4 9V4H9M15 4H20V9M20 15V20H15M9 20H4V15" />
    </div>
  );
}

function MapButton({
  label,
  path,
  onClick,
  isDisabled = false,
}: {
  label: string;
  path: string;
  onClick: () => void;
  isDisabled?: boolean;
}) {
  return (
    <button
      type="button"
      class="button latent-icon-button"
      aria-label={label}
      title={label}
      // A button that turned disabled under the finger would lose the focus.
      aria-disabled={isDisabled}
      onClick={() => {
        if (!isDisabled) onClick();
      }}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}
