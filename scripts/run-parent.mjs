// Preloaded into what run.mjs starts: stops this process when run.mjs is gone without a word (kill -9).
import { Socket } from 'node:net';

const fd = process.env.BAILIWICK_PARENT_FD;
// Children inherit the environment and the preload, but not the pipe: only the first process may watch it.
delete process.env.BAILIWICK_PARENT_FD;

if (fd !== undefined) {
  const pipe = new Socket({ fd: Number(fd), readable: true, writable: false });
  pipe.on('error', () => {});
  pipe.on('close', () => {
    process.kill(process.pid, 'SIGTERM');
    // Who drains needs seconds; who is still here after this hangs.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 30_000).unref();
  });
  pipe.resume();
  pipe.unref();
}
