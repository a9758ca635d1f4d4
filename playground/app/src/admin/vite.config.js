const { relative } = require('node:path');
const { plugin } = require('../../playground.json');

/** For `npm run size`: lists the imports of each file of the built admin panel, and the plugin's modules in it. */
const listFiles = {
  name: 'playground:files',
  generateBundle(_options, bundle) {
    const own = (id) => id?.startsWith(`${plugin}/`) && !id.includes('node_modules');
    const files = Object.values(bundle)
      .filter(({ type }) => type === 'chunk')
      .map(({ fileName, isEntry, imports, dynamicImports, facadeModuleId, modules }) => ({
        fileName,
        isEntry,
        imports,
        dynamicImports,
        startsWith: own(facadeModuleId) ? relative(plugin, facadeModuleId) : null,
        own: Object.entries(modules)
          .filter(([id]) => own(id))
          .map(([id, { code }]) => ({ module: relative(plugin, id), code: code ?? '' })),
      }));
    this.emitFile({ type: 'asset', fileName: 'files.json', source: JSON.stringify(files) });
  },
};

module.exports = (config) => ({ ...config, plugins: [...config.plugins, listFiles] });
