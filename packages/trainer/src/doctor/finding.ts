/**
 * What the doctor found out about one thing: `ok` is there and works, `absent` isn't there and nothing depends on it,
 * `broken` is there in part or doesn't work.
 */
export interface Finding {
  /** The heading that it stands under. */
  readonly section: Section;
  readonly name: string;
  readonly status: 'ok' | 'absent' | 'broken';
  /** What was found, in one line for people. */
  readonly text: string;
  /** What to do about it, in one line. */
  readonly remedy?: string;
}

/** Headings of the report, in its order. */
export const sections = ['Machine', 'Engines', 'For NVIDIA GPUs', 'For WebGPU'] as const;

export type Section = (typeof sections)[number];
