/** Height, width and channels of an image whose pixels lie in that order, channels running fastest. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Numbers in each image of such a shape, H × W × C. */
export function valuesPerImage({
  imageShape: [height, width, channels],
}: {
  imageShape: ImageShape;
}): number {
  return height * width * channels;
}
