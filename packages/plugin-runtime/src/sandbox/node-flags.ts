/** How the sandbox's Node is started: with the permission model, so that `folder` is all it can read and nothing else is allowed. */
export function nodeFlags(folder: string, heapMegabytes: number): readonly string[] {
  return [
    '--permission',
    `--allow-fs-read=${folder}`,
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    `--max-old-space-size=${heapMegabytes}`,
    '--max-semi-space-size=4',
    '--no-addons',
    '--no-warnings',
    '--unhandled-rejections=warn',
    `${folder}/main.mjs`,
  ];
}
