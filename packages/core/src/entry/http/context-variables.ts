/** What the first middleware puts into every request's context. */
declare module 'hono' {
  interface ContextVariableMap {
    requestId: string;
    reportError: (error: unknown) => void;
  }
}

export {};
