/**
 * What is wrong, in tfjs's terms, where onnxruntime says that an index is out of range: it names the node, whose name holds
 * kernel and layer. Index and range are told of a plain `gather` alone: other kernels reckon with positions before.
 * @param message what onnxruntime says.
 * @returns the beginning of an error's text and its end, or `undefined` where something else is wrong.
 */
export function explainIndex(
  message: string,
): { readonly subject: string; readonly rule: string } | undefined {
  const found = /Name:'([^']*)'.* idx=(-?\d+) must be within the inclusive range \[-\d+,(\d+)\]/s.exec(
    message,
  );
  if (found === null) return undefined;
  const [, name, index, last] = found;
  const [operator, kernel, ...layer] = name.split('/').reverse() as [string, string?, ...string[]];
  const where = layer.length === 0 ? '' : ` of layer "${layer.reverse().join('/')}"`;
  const subject = `kernel "${kernel ?? operator.replace(/_\d+$/, '')}"${where}`;
  if (kernel !== 'GatherV2')
    return { subject, rule: 'positions must be in range, and one is not; look at what it is given' };
  // The kernel's rule moves a negative index below all that ONNX would count from the end.
  const row = Number(index) < 0 ? Number(index) + Number(last) + 1 : Number(index);
  return {
    subject,
    rule: `indices must be rows from 0 to ${last}, and one is ${row}; look at what it is given`,
  };
}
