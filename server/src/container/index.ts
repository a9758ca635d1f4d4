import type { Core } from '@strapi/types';
import { createMissingNamesCheck } from '../identities/missing-names';
import { createUnreadableSecretsCheck } from '../mailboxes/unreadable-secrets';
import { createResumeMended } from '../maintenance/resume-mended';
import { createWordStorage } from '../maintenance/store-words';
import { loadInliner } from '../message/inline-css';
import { createDelivery } from './delivery';
import { createGuard } from './guard';
import { createIdentities } from './identities';
import { createPanel } from './panel';
import { createServices } from './services';
import { createTechnique } from './technique';

export type Plugin = ReturnType<typeof build>;

const instances = new WeakMap<object, Plugin>();

/** Returns the plugin of a Strapi instance, built at the first call. */
export function pluginOf(strapi: Core.Strapi): Plugin {
  const known = instances.get(strapi);
  if (known) return known;
  const plugin = build(strapi);
  instances.set(strapi, plugin);
  return plugin;
}

function build(strapi: Core.Strapi) {
  const technique = createTechnique(strapi);
  const { settings, secrets, smtp, emit, logError } = technique;
  const built = createIdentities(technique);
  const delivery = createDelivery(technique, built);

  return {
    settings,
    system: built.system,
    services: createServices(technique, built, delivery),
    guard: createGuard(technique, built, delivery),
    ...createPanel(technique, built),
    resumeMended: createResumeMended({ strapi, settings, trustedRoots: smtp.trustedRoots, emit }),
    words: createWordStorage({ strapi, onError: logError }),
    missingNames: createMissingNamesCheck({ strapi, ...settings }),
    checkSecrets: createUnreadableSecretsCheck({ strapi, secrets, ...delivery.notices }),
    loadLibraries: async (): Promise<void> => void (await loadInliner()),
    startDelivery: delivery.startDelivery,
    stopDelivery: delivery.stopDelivery,
    deliveryProblem: delivery.deliveryProblem,
  };
}
