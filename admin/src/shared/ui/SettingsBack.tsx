import { Box } from '@strapi/design-system';
import { BackButton } from '@strapi/strapi/admin';

/** The way back from a page of the settings. On phones the frame of Strapi's settings has such a link already. */
export const SettingsBack = ({ fallback }: { fallback: string }) => (
  <Box display={{ initial: 'none', medium: 'block' }}>
    <BackButton fallback={fallback} />
  </Box>
);
