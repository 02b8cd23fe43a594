import { expect, test } from 'vitest';
import { convolutionalAutoencoder, fitsConvolutions } from './convolutional-autoencoder.ts';

test.each<[size: [number, number], fits: boolean]>([
  [[28, 28], true],
  [[32, 32], true],
  [[4, 8], true],
  [[30, 28], false],
  [[28, 30], false],
  [[27, 28], false],
])('whether images of %j fit is %s', ([height, width], fits) => {
  const imageShape = [height, width, 3] as const;
  expect(fitsConvolutions(imageShape)).toBe(fits);
  const build = (): unknown => convolutionalAutoencoder({ id: 'conv-8', imageShape, latent: 8 });
  if (fits) expect(build()).toMatchObject({ id: 'conv-8', imageShape });
  else {
    expect(build).toThrow(
      new RangeError(
        `Cannot build "conv-8": height and width must be multiples of 4, not ${height}×${width}; pad or resize the images.`,
      ),
    );
  }
});
