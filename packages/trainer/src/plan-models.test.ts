import { describe, expect, test } from 'vitest';
import { ExpectedError } from './expected-error.ts';
import { planModel, planModels } from './plan-models.ts';

const mnist = { imageShape: [28, 28, 1], classes: 10 } as const;
const idsOf = (...ids: string[]): string[] => planModels(ids, mnist).map(({ model }) => model.id);

describe('a model', () => {
  test('of the table needs nothing', () => {
    const planned = planModel('basic-8', mnist)!;
    expect(planned.model.id).toBe('basic-8');
    expect(planned.needs).toEqual([]);
    expect(planned.trainedOn).toBeUndefined();
  });

  test('that is trained through a classifier needs it', () => {
    expect(planModel('aware-16', mnist)!.needs).toEqual(['cnn']);
  });

  test('that learns from reconstructions is the classifier under another name', () => {
    const [plain, retrained] = [planModel('cnn', mnist)!, planModel('cnn-on-pca-8-clipped', mnist)!];
    expect(retrained).toMatchObject({ trainedOn: 'pca-8-clipped', needs: ['pca-8-clipped'] });
    expect(retrained.model.id).toBe('cnn-on-pca-8-clipped');
    expect(retrained.model.parameters).toEqual(plain.model.parameters);
    expect(retrained.model.title).toBe('CNN classifier, trained on PCA, 8 components, clipped');
  });

  test.each(['cnn-on-cnn', 'cnn-on-', 'cnn-on-svm', 'cnn-on-cnn-on-pca-8', 'on-pca-8', 'basic'])(
    '%s is none',
    (id) => {
      expect(planModel(id, mnist)).toBeUndefined();
    },
  );
});

describe('the models of a run', () => {
  test('keep their order where nothing speaks against it', () => {
    expect(idsOf('cnn', 'pca-8', 'basic-4', 'aware-4')).toEqual(['cnn', 'pca-8', 'basic-4', 'aware-4']);
  });

  test('come after those that they need, and no later than they must', () => {
    expect(idsOf('aware-4', 'basic-4', 'cnn', 'pca-8')).toEqual(['basic-4', 'cnn', 'aware-4', 'pca-8']);
    expect(idsOf('cnn-on-aware-4', 'aware-4', 'cnn')).toEqual(['cnn', 'aware-4', 'cnn-on-aware-4']);
  });

  test.each([
    [['aware-4'], 'Cannot train "aware-4": it needs "cnn" in the same run'],
    [['cnn', 'cnn-on-pca-8', 'pca-9'], 'Cannot train "cnn-on-pca-8": it needs "pca-8" in the same run'],
  ])('%j are refused', (ids, message) => {
    const plan = (): unknown => planModels(ids, mnist);
    expect(plan).toThrow(ExpectedError);
    expect(plan).toThrow(message);
  });
});
