import type { PluginDefinition } from '@strapi/strapi/admin';
import { PLUGIN_ID } from './lib/plugin-id';
import { loadTexts } from './lib/translations';

const plugin: PluginDefinition = {
  register(app) {
    app.registerPlugin({ id: PLUGIN_ID, name: PLUGIN_ID });
  },

  registerTrads({ locales }) {
    return Promise.all(locales.map(async (locale) => ({ locale, data: await loadTexts(locale) })));
  },
};

export default plugin;
