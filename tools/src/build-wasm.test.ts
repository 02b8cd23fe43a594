import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adamModuleFile, adamSourceFile, compileWat, formatWasmModule } from './build-wasm.ts';

describe('build-wasm', () => {
  it('gives the committed module again, so that it is the one that adam.wat describes', async () => {
    const source = readFileSync(adamSourceFile, 'utf8');
    expect(formatWasmModule(await compileWat(source))).toBe(readFileSync(adamModuleFile, 'utf8'));
  });

  it('exports the bytes in base64', () => {
    expect(formatWasmModule(Uint8Array.of(0, 0x61, 0x73, 0x6d))).toContain(`'AGFzbQ=='`);
  });

  it('says where the text is wrong', async () => {
    await expect(compileWat('(module (func (result i32)\n  f32.const 1))')).rejects.toThrow(/adam\.wat:2:3/);
    await expect(compileWat('(module\n  (funk))')).rejects.toThrow(/adam\.wat:2:4/);
  });
});
