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
  const kernel = kernelOf(name);
  const layer = name.split('/').slice(0, -2).join('/');
  const where = layer === '' ? '' : ` of layer "${layer}"`;
  const subject = `kernel "${kernel}"${where}`;
  if (kernel !== 'GatherV2')
    return { subject, rule: 'positions must be in range, and one is not; look at what it is given' };
  // The kernel's rule moves a negative index below all that ONNX would count from the end.
  const row = Number(index) < 0 ? Number(index) + Number(last) + 1 : Number(index);
  return {
    subject,
    rule: `indices must be rows from 0 to ${last}, and one is ${row}; look at what it is given`,
  };
}

/** Name of the kernel that onnxruntime says has failed, if it is known: nodes are called by layer, kernel and operator. */
export function kernelAtFault(error: unknown): string | undefined {
  const name = /Name:'([^']*)'/.exec(error instanceof Error ? error.message : String(error))?.[1];
  return name === undefined ? undefined : kernelOf(name);
}

/** A node that is of an operator of the kernel's name is called by that and its number alone. */
function kernelOf(nodeName: string): string {
  const [operator, kernel] = nodeName.split('/').reverse() as [string, string?];
  return kernel ?? operator.replace(/_\d+$/, '');
}
