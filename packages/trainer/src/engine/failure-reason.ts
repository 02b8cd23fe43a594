/**
 * What an error of a runtime or of loading one says, in at most 120 characters of one line: its first line, without the
 * place in its source and the condition of C++ that onnxruntime puts in front.
 */
export function failureReason(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
  const reason = line.replace(/^.* was false\. /, '');
  return reason.length > 120 ? `${reason.slice(0, 117)}...` : reason;
}
