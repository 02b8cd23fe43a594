import * as z from 'zod';

/** The version of `assets.json` that this code reads and writes. */
export const builtAssetsVersion = 1;

/** Cloudflare takes no larger file: there it is to be had compressed only, which browsers ask for anyway. */
export const largestCloudflareBytes = 25 * 2 ** 20;

/**
 * `dist/assets.json`: every file that the build made or took in, which is all that the server gives away of them. The
 * build writes it last; the server reads it when it starts and, where there is a disk, after each build.
 */
export const builtAssetsSchema = z.strictObject({
  version: z.literal(builtAssetsVersion),
  assets: z.array(
    z.strictObject({
      /** Path below `dist`: `client/…` for the page's own, `demo/NAME/…` for the runs that come with Narrows. */
      path: z.string().regex(/^(client|demo)(\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+$/),
      sizeBytes: z.int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** Size of `PATH.br`, the same compressed with brotli, where that is worth it. */
      brotliBytes: z.int().positive().optional(),
      /** Whether its name carries a hash of its content, so that browsers may keep it for good. */
      isImmutable: z.boolean(),
    }),
  ),
});

/** `dist/assets.json`, see `builtAssetsSchema`. */
export type BuiltAssets = z.infer<typeof builtAssetsSchema>;
/** A file that the build made or took in. */
export type BuiltAsset = BuiltAssets['assets'][number];

/** A file that the page needs to open: an entry of `shell.json`, which the service worker keeps for offline visits. */
export interface ShellAsset {
  /** Address below the server's root, such as `/assets/main-Bx1.js`; that of the page itself is `/`. */
  readonly path: string;
  /** SHA-256 of its content, lowercase hexadecimal. */
  readonly sha256: string;
}
