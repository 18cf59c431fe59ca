import { createEffect } from 'solid-js';
import type { JSX } from 'solid-js';
import { safeNodes } from './safe-nodes.ts';
import './rich-text.css';

/** Formatted text that somebody wrote. Images of stored files are loaded from `fileHref`; nothing else is. */
export function RichText(props: { html: string; fileHref?: (fileId: string) => string; class?: string }): JSX.Element {
  let place: HTMLDivElement | undefined;
  createEffect(() => {
    const fileHref = props.fileHref ?? ((id: string) => `/api/v1/files/${id}/content`);
    place?.replaceChildren(safeNodes(props.html, fileHref));
  });
  return <div ref={place} class={`rich-text min-w-0 ${props.class ?? ''}`} />;
}
