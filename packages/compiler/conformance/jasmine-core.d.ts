/** The part of jasmine-core 3.99 that the suite is run with; the package has no types of its own. */
declare module 'jasmine-core/lib/jasmine-core/jasmine.js' {
  export interface FailedExpectation {
    readonly message: string;
  }

  export interface SpecReport {
    /** Counts specs as they are declared, so it is the same in every process. */
    readonly id: string;
    readonly fullName: string;
    readonly status: 'passed' | 'failed' | 'pending' | 'excluded';
    readonly failedExpectations: readonly FailedExpectation[];
  }

  export interface Reporter {
    specStarted?(): void;
    specDone?(report: SpecReport): void;
    jasmineDone?(): void;
  }

  export interface JasmineEnv {
    configure(options: {
      random: boolean;
      failFast: boolean;
      specFilter: (spec: { readonly id: string; getFullName(): string }) => boolean;
    }): void;
    addReporter(reporter: Reporter): void;
    execute(): Promise<void>;
  }

  export interface Jasmine {
    getEnv(options: { suppressLoadErrors: boolean }): JasmineEnv;
  }

  const required: {
    core(of: unknown): Jasmine;
    interface(jasmine: Jasmine, env: JasmineEnv): Record<string, unknown>;
  };
  export default required;
}
