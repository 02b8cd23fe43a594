/**
 * Compiles `adam.wat` of the trainer into the TypeScript module beside it, which is committed: neither users nor
 * tests need a WebAssembly toolchain.
 *
 *   npx nx run tools:build-wasm
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import loadWabt from 'wabt';

const folder = resolve(import.meta.dirname, '../../packages/trainer/src/engine/wasm');

/** The WebAssembly text that is compiled. */
export const adamSourceFile = resolve(folder, 'adam.wat');

/** The TypeScript module that holds the result. */
export const adamModuleFile = resolve(folder, 'adam-wasm.ts');

/**
 * Compiles WebAssembly text to binary.
 *
 * @param source a module in the text format; SIMD instructions are allowed.
 * @returns the module's bytes, without names and other debug sections: the same source gives the same bytes.
 * @throws Error with wabt's message, which names line and column, when the text doesn't parse or doesn't validate.
 */
export async function compileWat(source: string): Promise<Uint8Array> {
  const wabt = await loadWabt();
  const parsed = wabt.parseWat('adam.wat', source, { simd: true });
  try {
    parsed.validate();
    return parsed.toBinary({}).buffer;
  } finally {
    parsed.destroy();
  }
}

/**
 * Writes the TypeScript module, formatted as Prettier would.
 *
 * @param wasm a WebAssembly module's bytes.
 * @returns source that exports them in base64 as `adamWasm`.
 */
export function formatWasmModule(wasm: Uint8Array): string {
  return [
    '// Generated from adam.wat by `npx nx run tools:build-wasm`: change that file, not this one.',
    '',
    `/** The WebAssembly module of \`adam.wat\`, ${wasm.length} bytes in base64. */`,
    'export const adamWasm =',
    `  '${Buffer.from(wasm).toString('base64')}';`,
    '',
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const wasm = await compileWat(readFileSync(adamSourceFile, 'utf8'));
  writeFileSync(adamModuleFile, formatWasmModule(wasm));
  process.stdout.write(`${adamModuleFile}: ${wasm.length} bytes\n`);
}
