/** Height, width and channels of an image whose pixels lie in that order, channels running fastest. */
export type ImageShape = readonly [height: number, width: number, channels: number];
