import type { ImageShape } from '../../images/image-shape.ts';
import type { Perturbation } from '../../images/perturb.ts';

/** What a visitor may turn. Each name is the dial's parameter in the address, too. */
export const dialNames = ['noise', 'occlusion', 'right', 'down', 'rotation', 'blur'] as const;
export type DialName = (typeof dialNames)[number];

/** How far each dial is turned, in its unit; 0 leaves the image as it is. */
export type DialSettings = Readonly<Record<DialName, number>>;

/** Range of a dial, in its unit. */
export interface Dial {
  readonly name: DialName;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** The dials for images of a shape: what is measured in pixels grows with the image. */
export function dialsOf([height, width]: ImageShape): readonly Dial[] {
  const side = Math.min(height, width);
  const across = Math.ceil(width / 3);
  const along = Math.ceil(height / 3);
  return [
    { name: 'noise', min: 0, max: 1, step: 0.05 },
    { name: 'occlusion', min: 0, max: side, step: 1 },
    { name: 'right', min: -across, max: across, step: 1 },
    { name: 'down', min: -along, max: along, step: 1 },
    { name: 'rotation', min: -180, max: 180, step: 5 },
    { name: 'blur', min: 0, max: Math.max(1, Math.round(side / 7)), step: 0.25 },
  ];
}

/** Every dial at 0. */
export const untouched: DialSettings = { noise: 0, occlusion: 0, right: 0, down: 0, rotation: 0, blur: 0 };

/** What the dials do to an image. */
export function perturbationOf({ right, down, ...rest }: DialSettings): Perturbation {
  return { ...rest, shift: [right, down] };
}

/** The settings that an address names; a value that is no number or beyond its dial counts as 0. */
export function parseSettings(params: URLSearchParams, dials: readonly Dial[]): DialSettings {
  const settings: Record<DialName, number> = { ...untouched };
  for (const { name, min, max, step } of dials) {
    const value = Number(params.get(name) ?? 0);
    // The square's side must be a whole number of pixels, and all else may as well be what the dial can say.
    const snapped = Math.round(value / step) * step;
    if (snapped >= min && snapped <= max) settings[name] = snapped;
  }
  return settings;
}

/** Settings as parameters of the address; a dial at 0 has none. */
export function settingsParams(settings: DialSettings): Record<DialName, string | undefined> {
  const text = (name: DialName): string | undefined =>
    // Steps of 0.05 add up to 0.15000000000000002.
    settings[name] === 0 ? undefined : String(Number(settings[name].toFixed(2)));
  return {
    noise: text('noise'),
    occlusion: text('occlusion'),
    right: text('right'),
    down: text('down'),
    rotation: text('rotation'),
    blur: text('blur'),
  };
}

export const presetNames = ['grainy', 'covered', 'offCentre', 'tilted', 'blurred', 'roughed'] as const;
export type PresetName = (typeof presetNames)[number];

/** Settings worth a look, for images of a shape. */
export function presetsOf([height, width]: ImageShape): Readonly<Record<PresetName, DialSettings>> {
  const side = Math.min(height, width);
  const quarters = (value: number): number => Math.max(0.25, Math.round(4 * value) / 4);
  return {
    grainy: { ...untouched, noise: 0.35 },
    covered: { ...untouched, occlusion: Math.round(0.4 * side) },
    offCentre: { ...untouched, right: Math.round(0.18 * width), down: Math.round(-0.14 * height) },
    tilted: { ...untouched, rotation: 40 },
    blurred: { ...untouched, blur: quarters(side / 14) },
    roughed: {
      noise: 0.15,
      occlusion: Math.round(0.2 * side),
      right: Math.round(0.07 * width),
      down: 0,
      rotation: -20,
      blur: quarters(side / 28),
    },
  };
}

/** What is tried at growing strength to see what breaks first. */
export const trialKinds = ['noise', 'occlusion', 'right', 'rotation', 'blur'] as const satisfies DialName[];
export type TrialKind = (typeof trialKinds)[number];

/** So many strengths are tried, the first of them 0. */
const strengthCount = 9;

/**
 * The strengths at which a kind is tried, ascending from 0, in its dial's unit.
 * @returns as many as there are; fewer where whole pixels leave less room
 */
export function strengthsOf(kind: TrialKind, [height, width]: ImageShape): readonly number[] {
  const side = Math.min(height, width);
  const ends: Readonly<Record<TrialKind, { readonly end: number; readonly isWhole: boolean }>> = {
    noise: { end: 0.8, isWhole: false },
    occlusion: { end: 0.75 * side, isWhole: true },
    right: { end: 0.3 * width, isWhole: true },
    rotation: { end: 80, isWhole: true },
    blur: { end: side / 7, isWhole: false },
  };
  const { end, isWhole } = ends[kind];
  const strengths = Array.from({ length: strengthCount }, (_, i) => {
    const strength = (i / (strengthCount - 1)) * end;
    return isWhole ? Math.round(strength) : Number(strength.toFixed(2));
  });
  return [...new Set(strengths)];
}
