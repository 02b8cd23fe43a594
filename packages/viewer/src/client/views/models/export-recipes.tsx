import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { ownModelMessages } from './own-model-messages.ts';

/** How to make an ONNX file out of a model of the usual libraries, for images of this shape. */
export function ExportRecipes({ imageShape }: { imageShape: readonly [number, number, number] }) {
  const words = ownModelMessages();
  const recipes = [
    { name: words.pytorch, text: words.pytorchText, code: pytorchCode(imageShape) },
    { name: words.keras, text: words.kerasText, code: kerasCode },
    { name: words.tfjs, text: words.tfjsText, code: tfjsCode(imageShape) },
  ];
  return (
    <details class="export-recipes">
      <summary>{words.exportTitle}</summary>
      {recipes.map(({ name, text, code }) => (
        <div key={name} class="stack">
          <p>
            <b>{name}</b>, {text}
          </p>
          <ScrollRegion label={name}>
            <pre>
              <code>{code}</code>
            </pre>
          </ScrollRegion>
        </div>
      ))}
    </details>
  );
}

function pytorchCode([height, width, channels]: readonly [number, number, number]): string {
  return [
    'model.eval()',
    `images = torch.zeros(1, ${channels}, ${height}, ${width})  # pixels from 0 to 1`,
    'torch.onnx.export(model, images, "mine.onnx", external_data=False)',
  ].join('\n');
}

const kerasCode = [
  'model.export("mine.onnx", format="onnx")',
  '# Keras 2: python -m tf2onnx.convert --keras mine.h5 --output mine.onnx',
].join('\n');

function tfjsCode(imageShape: readonly [number, number, number]): string {
  return [
    "import { compile } from '@narrows/compiler';",
    '',
    'const { bytes } = compile(',
    '  ({ images }) => ({ output: model.apply(images) }),',
    `  { images: { shape: ['N', ${imageShape.join(', ')}], dtype: 'float32' } },`,
    "  { name: 'mine' },",
    ');',
    "await writeFile('mine.onnx', bytes);",
  ].join('\n');
}
