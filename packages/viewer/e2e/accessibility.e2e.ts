import { findBarriers } from './run-axe.ts';
import { expect, expectRuntime, test } from './watched-test.ts';

/** Each view with something in it to look at. */
const views = [
  ['draw', '/?test=32'],
  ['widths', '/widths?test=32'],
  ['latent', '/latent?test=32'],
  ['robustness', '/robustness?test=32'],
  ['results', '/results'],
  ['verify', '/verify'],
  ['models', '/models'],
] as const;

for (const [name, address] of views) {
  test(`axe finds no barrier in ${name}, light and dark, in English and Greek`, async ({ page }, info) => {
    await page.goto(address);
    await expectRuntime(page, /threads/);
    // Until what the models answer is drawn, too.
    await page.waitForLoadState('networkidle').catch(() => undefined);
    for (const language of ['en', 'el'] as const) {
      await page.getByRole('combobox', { name: /Language|Γλώσσα/ }).selectOption(language);
      for (const theme of ['light', 'dark'] as const) {
        await page.getByRole('combobox', { name: /Colours|Χρώματα/ }).selectOption(theme);
        expect.soft(await findBarriers(page), `${name}, ${language}, ${theme}`).toEqual([]);
        await page.screenshot({
          path: `${info.project.outputDir}/views/${name}-${info.project.name}-${language}-${theme}.png`,
          fullPage: true,
        });
      }
    }
  });
}
