import type { RunManifest } from '@narrows/shared';
import { beforeEach, expect, test, vi } from 'vitest';
import { encodeInk } from './ink.ts';
import { startLab } from './testing/start-lab.ts';

// The modules read the browser's address and hold what is at hand, so each test has its own.
beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal('location', { pathname: '/', search: '' });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('history', { replaceState: () => undefined });
});

/** The page's state with runs of 3 test images of one pixel, which a worker gives when the test says so. */
async function setUp() {
  const waiting: { runId: string; settle: (bytes: Uint8Array) => void; fail: (error: Error) => void }[] = [];
  startLab({
    testSet: () => Promise.resolve({ count: 3, labels: Uint8Array.of(0, 1, 0), imageShape: [1, 1, 1] }),
    testImageBytes: (runId) =>
      new Promise((settle, fail) => {
        waiting.push({ runId, settle, fail });
      }),
  });
  const { describeRun, runState } = await import('./run.ts');
  const { parseRoute, route } = await import('./route.ts');
  const specimens = await import('./specimen.ts');
  const choose = (id: string, height = 1) => {
    const dataset = { height, width: 1, channels: 1, classNames: ['no', 'yes'] };
    // The worker has checked it; nothing else of it matters here.
    const manifest = { dataset, models: [] } as unknown as RunManifest;
    runState.value = { kind: 'ready', run: describeRun(id, manifest) };
  };
  const go = (search: string) => {
    route.value = parseRoute({ pathname: '/', search });
  };
  /** Waits until an image of the run is asked for. */
  const asked = (id: string) => vi.waitUntil(() => waiting.find(({ runId }) => runId === id));
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
  choose('first');
  specimens.startSpecimen();
  return { specimens, choose, go, asked, settled };
}

test('a test image of another run that comes late, or not at all, changes nothing', async () => {
  const { specimens, choose, go, asked, settled } = await setUp();
  go('?test=1');
  const late = await asked('first');
  choose('second');
  const prompt = await asked('second');
  prompt.settle(Uint8Array.of(255));
  await vi.waitUntil(() => specimens.specimen.value.kind === 'test');
  late.settle(Uint8Array.of(0));
  await settled();
  expect(specimens.specimen.value).toEqual({ kind: 'test', index: 1, label: 1, image: Float32Array.of(1) });

  choose('third');
  const failing = await asked('third');
  choose('fourth');
  (await asked('fourth')).settle(Uint8Array.of(255));
  failing.fail(new Error('no network'));
  await settled();
  expect(specimens.specimenError.value).toBeUndefined();
});

test('a run whose image can’t be loaded does not keep that of the run before', async () => {
  const { specimens, choose, go, asked } = await setUp();
  go('?test=1');
  (await asked('first')).settle(Uint8Array.of(255));
  await vi.waitUntil(() => specimens.specimen.value.kind === 'test');
  choose('second');
  expect(specimens.specimen.value.kind).toBe('none');
  (await asked('second')).fail(new Error('no network'));
  await vi.waitUntil(() => specimens.specimenError.value === 'no network');
  expect(specimens.specimen.value.kind).toBe('none');
});

test('a drawing is kept as it was drawn, and Back brings the one of the address, or none', async () => {
  const { specimens, go } = await setUp();
  const first = Float32Array.of(0.51);
  specimens.takeDrawing(first);
  expect(specimens.specimen.value).toEqual({ kind: 'drawn', image: first });
  specimens.takeDrawing(Float32Array.of(1));
  go(`?ink=${encodeInk(first)}`);
  expect(specimens.specimen.value).toEqual({ kind: 'drawn', image: Float32Array.of(8 / 15) });
  go('');
  expect(specimens.specimen.value).toEqual({ kind: 'none' });
  specimens.takeDrawing(first);
  go('?ink=damaged');
  expect(specimens.specimenError.value).toContain('damaged');
  expect(specimens.specimen.value).toEqual({ kind: 'none' });
});

test('an error about an image goes with the address that it is about', async () => {
  const { specimens, go, asked } = await setUp();
  const refused = () => vi.waitUntil(() => specimens.specimenError.value?.includes('from 0 to 2'));
  go('?test=3');
  await refused();
  specimens.takeDrawing(Float32Array.of(1));
  expect(specimens.specimenError.value).toBeUndefined();

  specimens.takeTestImage(2);
  (await asked('first')).settle(Uint8Array.of(0));
  await vi.waitUntil(() => specimens.specimen.value.kind === 'test');
  go('?test=3');
  await refused();
  go('?test=2');
  expect(specimens.specimenError.value).toBeUndefined();
});

test('a drawing is not taken for an image of a run whose images have another size', async () => {
  const { specimens, choose } = await setUp();
  specimens.takeDrawing(Float32Array.of(1));
  choose('taller', 3);
  expect(specimens.specimen.value.kind).toBe('none');
  expect(specimens.specimenError.value).toMatch(/another size/);
});
