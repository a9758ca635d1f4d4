/** The plugin's id in Strapi: prefix of its routes, of its permission actions and of its translation keys. */
export const PLUGIN_ID = 'mailboxes';
