import { contentRoute, route } from '../strapi/routes';

export const submissionsRoutes = [
  route('POST', '/submissions', 'submissions.create', ['communication.send']),
  route('POST', '/submissions/preview', 'submissions.preview', ['communication.send']),
  route('GET', '/submissions', 'submissions.find', ['communication.send']),
  route('GET', '/submissions/:id', 'submissions.findOne', ['communication.send']),
  route('GET', '/submissions/:id/timeline', 'submissions.timeline', ['communication.send']),
  ...['cancel', 'retry', 'reschedule', 'resend', 'settle'].map((action) =>
    route('POST', `/submissions/:id/${action}`, `submissions.${action}`, ['communication.send'])
  ),
  route('GET', '/recipients', 'submissions.suggest', ['communication.send']),
  route('GET', '/submissions-by-day', 'submissions.byDay', ['communication.send']),
  route('GET', '/overview', 'submissions.overview', ['communication.send']),
];

/** The handlers' names are the scopes of API tokens and roles, so they are public API. */
export const contentApiRoutes = [
  contentRoute('POST', '/submissions', 'content-api.submit'),
  contentRoute('GET', '/submissions/:id', 'content-api.findOne'),
];
