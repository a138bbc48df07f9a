// What the bundler turns into something else.
declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}
declare module '*.css' {}
declare module '*?worker' {
  const WorkerConstructor: new (options?: { name?: string }) => Worker;
  export default WorkerConstructor;
}
declare module '*.svg' {
  const address: string;
  export default address;
}

interface ImportMeta {
  readonly env: { readonly DEV: boolean; readonly PROD: boolean };
  glob<T>(pattern: string | readonly string[], options: { readonly eager: true }): Record<string, T>;
  glob<T>(pattern: string | readonly string[]): Record<string, () => Promise<T>>;
}
