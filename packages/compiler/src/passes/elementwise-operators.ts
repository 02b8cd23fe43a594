/** ONNX operators that treat every element alike, with NumPy's broadcasting. */
export const elementwiseOperators: ReadonlySet<string> = new Set(
  (
    'Abs Add And Cast Ceil Clip Cos Div Elu Equal Erf Exp Floor Greater GreaterOrEqual Identity IsNaN LeakyRelu Less ' +
    'LessOrEqual Log Max Min Mul Neg Not Or Pow Reciprocal Relu Round Selu Sigmoid Sign Sin Softplus Sqrt Sub Tan Tanh Where'
  ).split(' '),
);
