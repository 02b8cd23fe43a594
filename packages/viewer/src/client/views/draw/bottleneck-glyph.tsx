import { useLayoutEffect, useRef } from 'preact/hooks';

/** Height of the figure, which stands for all values of an image. */
const height = 100;
/** Its narrowest part is never thinner than this, or it could not be seen. */
const thinnest = 1.2;

/**
 * A codec's bottleneck to scale: a band as high as the image's values that narrows to a waist as high as the latent values
 * and widens again.
 */
export function BottleneckGlyph({
  values,
  latent,
  colour,
}: {
  /** Values of an image: 784 for 28×28 pixels of grey. */
  values: number;
  latent: number;
  colour: string;
}) {
  const path = useRef<SVGPathElement>(null);
  useLayoutEffect(() => {
    path.current!.style.setProperty('fill', colour);
  }, [colour]);
  const waist = Math.min(height, Math.max(thinnest, (latent / values) * height));
  const top = (height - waist) / 2;
  const bottom = height - top;
  return (
    <svg class="draw-bottleneck" viewBox={`0 0 200 ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path
        ref={path}
        d={
          `M0 0C55 0 60 ${top} 92 ${top}H108C140 ${top} 145 0 200 0` +
          `V${height}C145 ${height} 140 ${bottom} 108 ${bottom}H92C60 ${bottom} 55 ${height} 0 ${height}Z`
        }
      />
    </svg>
  );
}
