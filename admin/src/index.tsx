import { Mail } from '@strapi/icons';
import type { PluginDefinition } from '@strapi/strapi/admin';
import { menuTexts } from './app/menu-texts';
import { permission } from './shared/permissions';
import { OUTBOX_PATH } from './shared/paths';
import { PLUGIN_ID } from './shared/plugin-id';

const plugin: PluginDefinition = {
  register(app) {
    app.addMenuLink({
      to: `plugins/${PLUGIN_ID}`,
      icon: Mail,
      intlLabel: { id: `${PLUGIN_ID}.communication.title`, defaultMessage: 'Communication' },
      permissions: permission('communication.send'),
      Component: () => import('./app/Communication').then(({ Communication }) => ({ default: Communication })),
    });
    app.addSettingsLink('global', {
      id: PLUGIN_ID,
      to: PLUGIN_ID,
      intlLabel: { id: `${PLUGIN_ID}.settings.title`, defaultMessage: 'Mailboxes' },
      permissions: [...permission('mailboxes.read'), ...permission('tenants.manage'), ...permission('guard.read')],
      Component: () => import('./app/Settings').then(({ Settings }) => ({ default: Settings })),
    });
    app.widgets.register({
      id: 'outbox',
      pluginId: PLUGIN_ID,
      icon: Mail,
      title: { id: `${PLUGIN_ID}.widget.title`, defaultMessage: 'Mail' },
      link: { label: { id: `${PLUGIN_ID}.widget.link`, defaultMessage: 'Outbox' }, href: OUTBOX_PATH },
      permissions: permission('communication.send'),
      component: () => import('./widget/Widget').then(({ Widget }) => Widget),
    });
    app.registerPlugin({ id: PLUGIN_ID, name: PLUGIN_ID });
  },

  registerTrads({ locales }) {
    return Promise.resolve(locales.map((locale) => ({ locale, data: menuTexts(locale) })));
  },
};

export default plugin;
