import { route } from '../strapi/routes';

export const draftsRoutes = [
  route('GET', '/drafts', 'drafts.find', ['communication.send']),
  route('POST', '/drafts', 'drafts.create', ['communication.send']),
  route('GET', '/drafts/:id', 'drafts.findOne', ['communication.send']),
  route('PUT', '/drafts/:id', 'drafts.update', ['communication.send']),
  route('DELETE', '/drafts/:id', 'drafts.delete', ['communication.send']),
];
