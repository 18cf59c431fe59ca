import { registerHooks } from 'node:module';
import { send } from './host-link.ts';

/** What a plugin finds: the language, and the web's standards that touch nothing outside. */
const KEPT = new Set(
  `globalThis Infinity NaN undefined Object Function Array Number Boolean String Symbol BigInt Math JSON Reflect Proxy Promise RegExp Date Error
   AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError Map Set WeakMap WeakSet WeakRef FinalizationRegistry
   ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float16Array Float32Array Float64Array
   BigInt64Array BigUint64Array Iterator Intl Temporal DisposableStack AsyncDisposableStack parseInt parseFloat isNaN isFinite decodeURI
   decodeURIComponent encodeURI encodeURIComponent escape unescape
   URL URLSearchParams URLPattern TextEncoder TextDecoder TextEncoderStream TextDecoderStream CompressionStream DecompressionStream
   ReadableStream ReadableStreamDefaultReader ReadableStreamDefaultController WritableStream WritableStreamDefaultWriter TransformStream
   ByteLengthQueuingStrategy CountQueuingStrategy AbortController AbortSignal Event EventTarget DOMException Headers
   crypto Crypto SubtleCrypto CryptoKey structuredClone atob btoa queueMicrotask setTimeout clearTimeout setInterval clearInterval console`.split(
    /\s+/,
  ),
);

/** Ways out of the process, or into its inside: gone from `process` too, should a plugin find it. */
const DENIED =
  `kill _kill abort exit reallyExit _rawDebug binding _linkedBinding dlopen getBuiltinModule chdir umask setuid setgid seteuid setegid
  setgroups initgroups send disconnect channel execve loadEnvFile report permission _debugProcess _debugEnd _startProfilerIdleNotifier
  mainModule openStdin getActiveResourcesInfo _getActiveHandles _getActiveRequests stdin stdout stderr execPath argv argv0 execArgv config`.split(
    /\s+/,
  );

/** Takes away what a plugin is not given, and every module but its own. Nothing of the plugin has run. */
export function leaveOnlyTheWeb(bundleUrl: string): void {
  refuseImports(bundleUrl);
  const { process } = globalThis;
  for (const name of DENIED) erase(process, name);
  // Node's loader looks into it: empty, not absent.
  Reflect.defineProperty(process, 'env', { value: Object.freeze({}) });
  boundTimers();
  quietConsole();
  for (const name of Object.getOwnPropertyNames(globalThis)) if (!KEPT.has(name)) erase(globalThis, name);
  erase(AbortSignal, 'timeout');
}

function erase(target: object, name: string): void {
  if (Reflect.deleteProperty(target, name)) return;
  Reflect.defineProperty(target, name, { value: undefined });
}

function refuseImports(bundleUrl: string): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === bundleUrl && context.parentURL?.endsWith('/main.mjs') === true) return next(specifier, context);
      throw new TypeError('A plugin is one module: it can import nothing.');
    },
  });
}

/** Timers are numbers, as on the web: the objects of the runtime lead into its inside. */
function boundTimers(): void {
  const { setTimeout, setInterval, clearTimeout } = globalThis;
  const running = new Map<number, ReturnType<typeof setTimeout>>();
  let last = 0;
  const start = (isRepeated: boolean, work: unknown, delay: unknown, values: unknown[]): number => {
    if (typeof work !== 'function') throw new TypeError('A timer takes a function.');
    const id = (last += 1);
    const run = (): void => {
      if (!isRepeated) running.delete(id);
      Reflect.apply(work, undefined, values);
    };
    running.set(id, isRepeated ? setInterval(run, Number(delay)) : setTimeout(run, Number(delay)));
    return id;
  };
  const stop = (id: unknown): void => {
    clearTimeout(running.get(id as number));
    running.delete(id as number);
  };
  Object.assign(globalThis, {
    setTimeout: (work: unknown, delay?: unknown, ...values: unknown[]) => start(false, work, delay, values),
    setInterval: (work: unknown, delay?: unknown, ...values: unknown[]) => start(true, work, delay, values),
    clearTimeout: stop,
    clearInterval: stop,
  });
}

/** The author's console goes to the host as lines of text. */
function quietConsole(): void {
  const line =
    (level: string) =>
    (...parts: unknown[]): void =>
      send({ kind: 'console', level, message: parts.map(String).join(' ').slice(0, 2000) });
  const [debug, info, warn] = [line('debug'), line('info'), line('warn')];
  Reflect.defineProperty(globalThis, 'console', {
    value: Object.freeze({ debug, trace: debug, log: info, info, warn, error: warn }),
  });
}
