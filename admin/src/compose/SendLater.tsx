import { Flex, SingleSelect, SingleSelectOption, TextInput, Typography } from '@strapi/design-system';
import * as React from 'react';
import { useIntl } from 'react-intl';
import { useText, type TextKey } from '../shared/i18n/use-text';
import { LabelledField } from '../shared/ui/fields';
import type { Later } from './draft/draft';
import { sendAtOf } from './send-later';
import { browserZone, knownZones } from '../shared/time/zones';

export type LaterField = 'date' | 'time' | 'zone';

interface Props {
  later: Later;
  onChange: (later: Later) => void;
  error: (field: LaterField) => string | undefined;
}

const Part = ({ name, label, later, onChange, error }: Props & { name: 'date' | 'time'; label: TextKey }) => (
  <LabelledField name={name} label={label} error={error(name)} required minWidth="16rem">
    <TextInput
      type={name}
      name={name}
      value={later[name]}
      onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => onChange({ ...later, [name]: target.value })}
    />
  </LabelledField>
);

const Zone = ({ later, onChange, error }: Props) => {
  const known = React.useMemo(knownZones, []);
  // Drafts written through the API may name a deprecated alias of a zone, which no browser lists.
  const zones = known.includes(later.zone) ? known : [later.zone, ...known];
  return (
    <LabelledField name="zone" label="later.zone" error={error('zone')} required minWidth="24rem">
      <SingleSelect name="zone" value={later.zone} onChange={(zone) => onChange({ ...later, zone: String(zone) })}>
        {zones.map((zone) => (
          <SingleSelectOption key={zone} value={zone}>
            {zone}
          </SingleSelectOption>
        ))}
      </SingleSelect>
    </LabelledField>
  );
};

/** The scheduled time in words, in its zone and in the browser's, so that offsets and daylight saving time are visible. */
const ScheduledTime = ({ later }: { later: Later }) => {
  const t = useText();
  const { formatDate } = useIntl();
  const sendAt = sendAtOf(later, Date.now());
  if (!sendAt.ok) return null;
  const at = (timeZone: string) => formatDate(sendAt.ms, { timeZone, dateStyle: 'full', timeStyle: 'short' });
  const here = browserZone();
  return (
    <Typography variant="pi" textColor="neutral600" role="status">
      {t('later.meant', { time: at(later.zone), zone: later.zone })}
      {at(here) !== at(later.zone) && ` ${t('later.here', { time: at(here) })}`}
      {sendAt.twice && ` ${t('later.twice')}`}
    </Typography>
  );
};

/** Fields for date, time and zone. */
export const SendLaterFields = (props: Props) => (
  <>
    <Flex gap={4} wrap="wrap" alignItems="flex-start">
      <Part {...props} name="date" label="later.date" />
      <Part {...props} name="time" label="later.time" />
      <Zone {...props} />
    </Flex>
    <ScheduledTime later={props.later} />
  </>
);

/** Group of fields for the scheduled time of a message. */
export const SendLater = (props: Props) => {
  const t = useText();
  return (
    <Flex
      tag="fieldset"
      direction="column"
      alignItems="stretch"
      gap={2}
      padding={4}
      hasRadius
      borderColor="neutral200"
      // The default of a fieldset, min-content, would be wider than a narrow page.
      minWidth={0}
    >
      <Typography tag="legend" variant="pi" fontWeight="bold" textColor="neutral800" paddingLeft={1} paddingRight={1}>
        {t('later.title')}
      </Typography>
      <SendLaterFields {...props} />
    </Flex>
  );
};
