import * as z from 'zod';

/** A SHA-256, as 64 lowercase hexadecimal digits. */
export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: 'must be a SHA-256 of 64 lowercase hexadecimal digits' });

/** What a dataset is and what it was read from: everything about it but the images. */
export const datasetDescriptionSchema = z
  .strictObject({
    /** Short name as typed on the command line, such as `mnist`. */
    name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
      error: 'must be lowercase letters and digits, in words joined by "-"',
    }),
    /** Name as shown to people, such as `MNIST`. */
    title: z.string().min(1),
    /** Height of each image in pixels. */
    height: z.int().positive(),
    /** Width of each image in pixels. */
    width: z.int().positive(),
    /** Values a pixel has: 1 for grey, 3 for red, green, blue. */
    channels: z.int().positive(),
    /** Name of each class; a label is an index into this list. At most 256, for labels are bytes. */
    classNames: z.array(z.string().min(1)).min(1).max(256),
    /** Number of training images. */
    trainCount: z.int().positive(),
    /** Number of test images. */
    testCount: z.int().positive(),
    /** Name of the licence that the images are under. */
    licence: z.string().min(1),
    /** Who made it, as a citation. */
    source: z.string().min(1),
    /** The files it was read from. */
    files: z
      .array(
        z.strictObject({
          /** Name without a folder, such as `train-images-idx3-ubyte`. */
          name: z.string().min(1),
          /** SHA-256 of the content, decompressed where the file was compressed. */
          sha256: sha256Schema,
          /** Size of that content in bytes. */
          sizeBytes: z.int().positive(),
        }),
      )
      .min(1),
  })
  .refine(({ classNames }) => new Set(classNames).size === classNames.length, {
    path: ['classNames'],
    error: 'must all differ',
  });

/** What a dataset is and what it was read from: everything about it but the images. */
export type DatasetDescription = z.infer<typeof datasetDescriptionSchema>;
