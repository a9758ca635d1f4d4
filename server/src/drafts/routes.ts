import { nounRoutes } from '../strapi/routes';

export const draftsRoutes = nounRoutes('drafts', ['communication.send']);
