import { route } from '../strapi/routes';

export const ownAddressRoutes = [
  route('GET', '/me', 'own-address.me', ['communication.send']),
  route('POST', '/own-address/confirmation', 'own-address.request', ['communication.send']),
  route('POST', '/own-address/confirmation/verify', 'own-address.confirm', ['communication.send']),
];
