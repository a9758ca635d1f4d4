import { Box } from '@strapi/design-system';
import { BackButton } from '@strapi/strapi/admin';

/** Back link of a settings page. Hidden on phones, where the frame of Strapi's settings has one. */
export const SettingsBack = ({ fallback }: { fallback: string }) => (
  <Box display={{ initial: 'none', medium: 'block' }}>
    <BackButton fallback={fallback} />
  </Box>
);
