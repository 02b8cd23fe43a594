import type { ComponentType } from 'preact';
import type { ViewName } from '../../contract/api.ts';

/** Where each view's code is. It is fetched when the view is first opened. */
export const viewTable: Readonly<Record<ViewName, () => Promise<ComponentType>>> = {
  draw: async () => (await import('../views/draw/draw-view.tsx')).DrawView,
  widths: async () => (await import('../views/widths/widths-view.tsx')).WidthsView,
  latent: async () => (await import('../views/latent/latent-view.tsx')).LatentView,
  robustness: async () => (await import('../views/robustness/robustness-view.tsx')).RobustnessView,
  results: async () => (await import('../views/results/results-view.tsx')).ResultsView,
  verify: async () => (await import('../views/verify/verify-view.tsx')).VerifyView,
  models: async () => (await import('../views/models/models-view.tsx')).ModelsView,
};
