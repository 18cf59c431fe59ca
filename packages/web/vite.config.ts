import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import solid from 'vite-plugin-solid';

const apiOrigin = process.env['BAILIWICK_DEV_API'] ?? 'http://localhost:3000';

/** Serves the portal's page under /portal in development, as the server does in production. */
function portalDoor(): Plugin {
  return {
    name: 'bailiwick:portal-door',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        if (/^\/portal(\/[^.]*)?(\?|$)/.test(request.url ?? '')) request.url = '/portal.html';
        next();
      });
    },
  };
}

/** Puts a preload for the Latin cut of Inter into each page: without it text is drawn twice. */
function preloadFont(): Plugin {
  return {
    name: 'bailiwick:preload-font',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        return Object.keys(context.bundle ?? {})
          .filter((file) => /inter-latin-wght-normal.*\.woff2$/.test(file))
          .map((file) => ({
            tag: 'link',
            attrs: { rel: 'preload', href: `/${file}`, as: 'font', type: 'font/woff2', crossorigin: '' },
            injectTo: 'head-prepend' as const,
          }));
      },
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid(), tailwindcss(), portalDoor(), preloadFont()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    manifest: true,
    // Files over this size are cached under their own hash; smaller ones would be inlined as data:
    // URLs, which the content security policy refuses.
    assetsInlineLimit: 0,
    rolldownOptions: { input: { console: 'index.html', portal: 'portal.html' } },
  },
  server: { proxy: { '/api': { target: apiOrigin, changeOrigin: false } } },
});
