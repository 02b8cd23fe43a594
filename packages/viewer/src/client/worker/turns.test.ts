import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('background work waits for interactive work', async () => {
  const turns = createTurns();
  const order: string[] = [];
  let finish: () => void = () => undefined;
  const interactive = turns.interactive(async () => {
    await new Promise<void>((resolve) => (finish = resolve));
    order.push('interactive');
  });
  const background = turns.background().then(() => order.push('background'));
  // Long enough for the background work, were it not held.
  for (let i = 0; i < 3; i++) await turns.letIn();
  finish();
  await Promise.all([interactive, background]);
  expect(order).toEqual(['interactive', 'background']);
});

it('work that fails holds nothing up, and counts as work', async () => {
  const turns = createTurns();
  expect(turns.wasBusy(1000)).toBe(false);
  await expect(turns.interactive(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await turns.background();
  expect(turns.wasBusy(1000)).toBe(true);
});
