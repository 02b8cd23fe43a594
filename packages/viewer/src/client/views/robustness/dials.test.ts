import { expect, test } from 'vitest';
import { perturbImage } from '../../images/perturb.ts';
import {
  dialsOf,
  parseSettings,
  perturbationOf,
  presetsOf,
  settingsParams,
  strengthsOf,
  trialKinds,
  untouched,
} from './dials.ts';

const shapes = [
  [28, 28, 1],
  [32, 48, 3],
  [7, 5, 1],
] as const;

test.each(shapes)('everything that the presets and the trials set at %d×%d×%d can be done', (...shape) => {
  const image = new Float32Array(shape[0] * shape[1] * shape[2]).fill(0.5);
  const trials = trialKinds.flatMap((kind) =>
    strengthsOf(kind, shape).map((strength) => ({ ...untouched, [kind]: strength })),
  );
  for (const settings of [...Object.values(presetsOf(shape)), ...trials]) {
    const perturbed = perturbImage(image, shape, { perturbation: perturbationOf(settings), seed: 3 });
    expect(perturbed.every((value) => value >= 0 && value <= 1)).toBe(true);
  }
});

test.each(shapes)('an address brings back the presets at %d×%d×%d', (...shape) => {
  for (const settings of Object.values(presetsOf(shape))) {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(settingsParams(settings))) {
      if (value !== undefined) params.set(name, value);
    }
    const back = parseSettings(params, dialsOf(shape));
    for (const [name, value] of Object.entries(settings)) {
      expect(back[name as keyof typeof back]).toBeCloseTo(value, 9);
    }
  }
});

test('what an address says amiss leaves the image as it is', () => {
  const params = new URLSearchParams('noise=7&occlusion=-1&right=far&rotation=&blur=Infinity&down=NaN');
  expect(parseSettings(params, dialsOf([28, 28, 1]))).toEqual(untouched);
});

test('the square’s side is a whole number of pixels whatever the address says', () => {
  expect(parseSettings(new URLSearchParams('occlusion=3.4'), dialsOf([28, 28, 1])).occlusion).toBe(3);
});

test('strengths ascend from 0, each once', () => {
  expect(strengthsOf('noise', [28, 28, 1])).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
  expect(strengthsOf('right', [7, 5, 1])).toEqual([0, 1, 2]);
});
