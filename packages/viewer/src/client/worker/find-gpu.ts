/** The part of WebGPU that tells whether there is a GPU. */
interface Gpu {
  requestAdapter(): Promise<{ readonly info?: { readonly isFallbackAdapter?: boolean } } | null>;
}

/**
 * Whether WebGPU is there, and whether a GPU answers or software that stands in for one (a fallback adapter).
 *
 * Source: https://www.w3.org/TR/webgpu/#dom-gpuadapterinfo-isfallbackadapter
 */
export async function findGpu(): Promise<'hardware' | 'software' | 'none'> {
  const { gpu } = navigator as { readonly gpu?: Gpu };
  // A browser may offer the interface and refuse to use it.
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (adapter === undefined || adapter === null) return 'none';
  return adapter.info?.isFallbackAdapter === true ? 'software' : 'hardware';
}
