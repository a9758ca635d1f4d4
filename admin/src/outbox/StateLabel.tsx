import { Flex, Status, Typography } from '@strapi/design-system';
import {
  ArrowClockwise,
  Calendar,
  CheckCircle,
  Clock,
  Cross,
  CrossCircle,
  Loader,
  Question,
  WarningCircle,
} from '@strapi/icons';
import { useText } from '../shared/i18n/use-text';
import type { DisplayState } from './display-state';

const STYLE = {
  undo: { variant: 'secondary', Icon: Clock },
  scheduled: { variant: 'secondary', Icon: Calendar },
  waiting: { variant: 'secondary', Icon: Clock },
  again: { variant: 'warning', Icon: ArrowClockwise },
  resting: { variant: 'warning', Icon: WarningCircle },
  submitting: { variant: 'secondary', Icon: Loader },
  submitted: { variant: 'success', Icon: CheckCircle },
  partly: { variant: 'warning', Icon: WarningCircle },
  failed: { variant: 'danger', Icon: CrossCircle },
  canceled: { variant: 'neutral', Icon: Cross },
  uncertain: { variant: 'warning', Icon: Question },
} as const satisfies Record<DisplayState, { variant: string; Icon: unknown }>;

/** Icon of a state in its colour; the text follows it. */
export const StateIcon = ({ displayState }: { displayState: DisplayState }) => {
  const { variant, Icon } = STYLE[displayState];
  return <Icon aria-hidden width="1.2rem" height="1.2rem" fill={`${variant}600`} />;
};

/** State of a submission as text, icon and colour. */
export const StateLabel = ({ displayState }: { displayState: DisplayState }) => {
  const t = useText();
  return (
    <Status variant={STYLE[displayState].variant} size="S" display="inline-block">
      <Flex gap={2} tag="span">
        <StateIcon displayState={displayState} />
        <Typography fontWeight="semiBold" textColor="neutral800">
          {t(`condition.${displayState}`)}
        </Typography>
      </Flex>
    </Status>
  );
};
