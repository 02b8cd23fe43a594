import { routeAddress, type Route } from '../../state/route.ts';

/** The address of the drawing pad with a test image in it, of the run and codecs at hand. */
export function drawAddress(testIndex: number, { params }: Route): string {
  const kept = new URLSearchParams();
  for (const name of ['run', 'codecs']) {
    const value = params.get(name);
    if (value !== null) kept.set(name, value);
  }
  kept.set('test', String(testIndex));
  return routeAddress('draw', kept);
}
