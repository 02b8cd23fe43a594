import { progressAfter, report } from './night-training.ts';
import { expect, test } from './watched-test.ts';

test('a training under way is shown as it goes on, and its end, without a reload', async ({
  page,
  ownServer: { origin, runsFolder },
}) => {
  await page.goto(`${origin}/results`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await report(runsFolder, 'night', progressAfter(1));

  await expect(page.getByRole('main')).toContainText('Night training');
  const bar = page.getByRole('progressbar').first();
  await expect(bar).toHaveAttribute('aria-valuenow', '33');
  await report(runsFolder, 'night', progressAfter(2));
  await expect(bar).toHaveAttribute('aria-valuenow', '67');

  await report(runsFolder, 'dawn', { ...progressAfter(1), name: 'Dawn training', state: 'stopped' });
  await expect(page.getByRole('main')).toContainText('Dawn training');
  const link = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Results' });
  await expect(link).toHaveAccessibleName('Results Training: Night training');

  await report(runsFolder, 'night', { ...progressAfter(2), state: 'stopped' });
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await expect(link).toHaveAccessibleName('Results');
});
