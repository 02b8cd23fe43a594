/** So many measures of a name are kept at most. */
const mostKept = 100;

/**
 * Adds a measure to the browser's timeline (https://www.w3.org/TR/user-timing/). The timeline never forgets by itself, so
 * all of the name are cleared once there are a hundred: a long session does not fill the memory.
 *
 * @param options as `performance.measure` takes them
 */
export function takeMeasure(name: string, options: PerformanceMeasureOptions): void {
  if (performance.getEntriesByName(name, 'measure').length >= mostKept) performance.clearMeasures(name);
  performance.measure(name, options);
}
