import { useEffect } from 'preact/hooks';
import { route } from './route.ts';
import { specimen, takeTestImage } from './specimen.ts';

/** Takes the first test image as the one at hand where there is none and the address names none: for views that need one. */
export function useDefaultImage(): void {
  const { kind } = specimen.value;
  useEffect(() => {
    const { params } = route.peek();
    if (kind === 'none' && !params.has('test') && !params.has('ink')) takeTestImage(0);
  }, [kind]);
}
