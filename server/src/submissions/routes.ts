import { route } from '../strapi/routes';

export const submissionsRoutes = [
  route('POST', '/submissions', 'submissions.create', ['communication.send']),
  route('GET', '/submissions', 'submissions.find', ['communication.send']),
  route('GET', '/submissions/:id', 'submissions.findOne', ['communication.send']),
];
