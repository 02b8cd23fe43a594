import { chromium, type Browser } from '@playwright/test';
import { browserArguments, findBrowser } from './find-browser.ts';

/** Starts the browser that `findBrowser` finds; close it after use. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = await findBrowser();
  return chromium.launch({ executablePath, args: [...browserArguments], env: { ...process.env, ...env } });
}
