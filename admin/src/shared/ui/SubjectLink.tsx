import { Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';
import { useText } from '../i18n/use-text';

/** Link to a message, labelled with its subject. */
export const SubjectLink = ({ to, subject }: { to: string; subject: string }) => {
  const t = useText();
  return (
    <Typography tag={NavLink} to={to} textColor="primary600" fontWeight="semiBold" ellipsis display="block">
      {subject || t('submissions.no-subject')}
    </Typography>
  );
};
