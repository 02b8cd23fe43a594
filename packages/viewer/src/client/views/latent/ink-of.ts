import type { Ink } from '../../parts/pixel-canvas.tsx';

/** Images of one channel are drawn as ink on paper, others as they are. */
export function inkOf([, , channels]: readonly [number, number, number]): Ink {
  return channels === 1 ? 'paper' : 'plain';
}
