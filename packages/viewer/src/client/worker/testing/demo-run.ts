import { resolve } from 'node:path';

/** The runs that come with Narrows, each a folder here. */
export const demoFolder = resolve(import.meta.dirname, '../../../../demo');

/** The demo's run of the study. */
export const demoRun = 'study';
