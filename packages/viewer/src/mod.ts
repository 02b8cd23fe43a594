export { createApp } from './server/app.ts';
export type { BuiltAsset } from './contract/built-assets.ts';
export type { FileTree, ReadOptions, ServerIo, StoredFile } from './server/server-io.ts';
