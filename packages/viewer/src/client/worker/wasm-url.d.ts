/** What Vite makes of the address of a WebAssembly file. */
declare module '*.wasm?url' {
  const url: string;
  export default url;
}
