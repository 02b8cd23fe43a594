/**
 * Puts jasmine's functions where the suite of tfjs-core looks for them. Imported before any spec, since those call
 * `describe` as they load.
 */
import jasmineRequire from 'jasmine-core/lib/jasmine-core/jasmine.js';

const jasmine = jasmineRequire.core(jasmineRequire);
const env = jasmine.getEnv({ suppressLoadErrors: true });
Object.assign(globalThis, jasmineRequire.interface(jasmine, env), { jasmine });

/** The one environment that all specs are declared in. */
export const jasmineEnv = env;
