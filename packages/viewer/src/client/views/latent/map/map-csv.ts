/**
 * A map as comma-separated values (RFC 4180): `index,label,x,y,of,method`, a line for each point, in the order of the test
 * set. Numbers have the digits that bring the same float32 back.
 *
 * @param coordinates float32 `[points, 2]`
 * @param options.labels of at least as many images
 * @param options.of the codec's id, or `pixels`
 */
export function mapCsv(
  coordinates: Float32Array,
  { labels, of, method }: { labels: Uint8Array; of: string; method: string },
): string {
  const lines = ['index,label,x,y,of,method'];
  for (let i = 0; i < coordinates.length / 2; i++) {
    lines.push(
      [i, labels[i], shortest(coordinates[2 * i]), shortest(coordinates[2 * i + 1]), of, method].join(','),
    );
  }
  return lines.join('\r\n') + '\r\n';
}

/** The shortest decimal with 6 to 9 digits that is this float32: 9 always are (IEEE 754). */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits)).toString();
    if (Math.fround(Number(text)) === value) return text;
  }
  return Number(value.toPrecision(9)).toString();
}
