import * as tf from '@tensorflow/tfjs';
import { functionalLayers } from './functional.ts';
import { meanSquaredError } from './losses.ts';
import { countParameters, type Autoencoder, type ImageShape } from './model.ts';

export interface ConvolutionalOptions {
  readonly id: string;
  /** Height and width are multiples of 4, since two convolutions halve each. */
  readonly imageShape: ImageShape;
  /** Dimensions of the latent vector. */
  readonly latent: number;
  /** Filters of the encoder's two convolutions, from the image inwards; the decoder mirrors them. 16 and 32 unless given. */
  readonly filters?: readonly [number, number];
  /** Units of a layer between convolutions and latent vector, in encoder and decoder; without it there is none. */
  readonly hidden?: number;
}

/** Whether the convolutional autoencoder fits images: their sides must halve twice without a rest. */
export function fitsConvolutions([height, width]: ImageShape): boolean {
  return height % 4 === 0 && width % 4 === 0;
}

/**
 * A convolutional autoencoder. Encoder `[N,H,W,C] → [N,latent]`: two 3×3 convolutions of stride 2, ReLU, the hidden layer
 * with a ReLU if there is to be one, and a linear layer. Decoder: the hidden layer, a layer to `H/4·W/4·filters`, ReLU, and
 * transposed 3×3 convolutions of stride 2, with a ReLU between and a sigmoid at the end. Trained to make the mean squared
 * error of its reconstructions small.
 *
 * Source: Masci et al., "Stacked convolutional auto-encoders for hierarchical feature extraction", ICANN 2011; strides
 * instead of pools as in Radford, Metz & Chintala, ICLR 2016.
 *
 * @throws RangeError for images that {@link fitsConvolutions} refuses.
 */
export function convolutionalAutoencoder({
  id,
  imageShape,
  latent,
  filters = [16, 32],
  hidden,
}: ConvolutionalOptions): Autoencoder {
  const [height, width, channels] = imageShape;
  if (!fitsConvolutions(imageShape)) {
    throw new RangeError(
      `Cannot build "${id}": height and width must be multiples of 4, not ${height}×${width}; pad or resize the images.`,
    );
  }
  const zeros = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;
  const window = { kernelSize: 3, strides: 2, padding: 'same', ...zeros } as const;
  const small = [height / 4, width / 4, filters[1]];
  const between = (): tf.layers.Layer[] =>
    hidden === undefined
      ? []
      : [tf.layers.dense({ name: 'hidden', units: hidden, activation: 'relu', ...zeros })];
  const encoder = tf.sequential({
    name: 'encoder',
    layers: [
      tf.layers.inputLayer({ inputShape: [...imageShape] }),
      tf.layers.conv2d({ name: 'conv1', filters: filters[0], activation: 'relu', ...window }),
      tf.layers.conv2d({ name: 'conv2', filters: filters[1], activation: 'relu', ...window }),
      tf.layers.flatten({ name: 'flatten' }),
      ...between(),
      tf.layers.dense({ name: 'latent', units: latent, ...zeros }),
    ],
  });
  const decoder = tf.sequential({
    name: 'decoder',
    layers: [
      tf.layers.inputLayer({ inputShape: [latent] }),
      ...between(),
      tf.layers.dense({
        name: 'small',
        units: small[0] * small[1] * small[2],
        activation: 'relu',
        ...zeros,
      }),
      tf.layers.reshape({ name: 'grid', targetShape: small }),
      tf.layers.conv2dTranspose({ name: 'conv1', filters: filters[0], activation: 'relu', ...window }),
      tf.layers.conv2dTranspose({ name: 'conv2', filters: channels, activation: 'sigmoid', ...window }),
    ],
  });
  const encoding = functionalLayers(encoder, 'encoder');
  const decoding = functionalLayers(decoder, 'decoder');
  const parameters = [...encoding.parameters, ...decoding.parameters];
  const codec: Autoencoder = {
    kind: 'autoencoder',
    id,
    title: `convolutional autoencoder, latent ${latent}`,
    source: `Masci et al. 2011: conv 3×3 stride 2 to ${filters.join(' and ')}, ${hidden === undefined ? '' : `${hidden}, `}linear, and mirrored`,
    imageShape,
    latent,
    parameters,
    parameterCount: countParameters(parameters),
    hyperparameters: {
      filters: [...filters],
      ...(hidden === undefined ? {} : { hidden }),
      latent,
      latentActivation: 'linear',
      outputActivation: 'sigmoid',
    },
    encode: (values, images) => encoding.apply(values, images),
    decode: (values, latents) => decoding.apply(values, latents),
    loss: (values, { images }) =>
      meanSquaredError(codec.decode(values, codec.encode(values, images)), images),
  };
  return codec;
}
