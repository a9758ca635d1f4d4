import { Field, Flex, TextInput, Typography } from '@strapi/design-system';
import * as React from 'react';
import { useText, type TextKey } from '../lib/use-text';
import type { Later } from './draft';
import { browserOffsetAt, offsetText } from './send-later';

interface Props {
  later: Later;
  onChange: (later: Later) => void;
  error: (field: 'date' | 'time') => string | undefined;
}

const Part = ({
  name,
  label,
  error,
  ...input
}: {
  name: 'date' | 'time';
  label: TextKey;
  error: string | undefined;
  value: string;
  min?: string;
  onChange: (event: React.ChangeEvent<HTMLInputElement>) => void;
}) => {
  const t = useText();
  return (
    <Field.Root name={name} error={error} required minWidth="16rem">
      <Field.Label>{t(label)}</Field.Label>
      <TextInput type={name} name={name} {...input} />
      <Field.Error />
    </Field.Root>
  );
};

/** When a message should leave, by this browser's clock, whose zone is named. */
export const SendLater = ({ later, onChange, error }: Props) => {
  const t = useText();
  const moment = Date.parse(`${later.date}T${later.time}`);
  const offset = offsetText(browserOffsetAt(Number.isNaN(moment) ? Date.now() : moment));
  return (
    <Flex
      tag="fieldset"
      direction="column"
      alignItems="stretch"
      gap={2}
      padding={4}
      hasRadius
      borderColor="neutral200"
      // As narrow as the page, which a fieldset is not by itself.
      minWidth={0}
    >
      <Typography tag="legend" variant="pi" fontWeight="bold" textColor="neutral800" paddingLeft={1} paddingRight={1}>
        {t('later.title')}
      </Typography>
      <Flex gap={4} wrap="wrap" alignItems="flex-start">
        <Part
          name="date"
          label="later.date"
          value={later.date}
          error={error('date')}
          onChange={({ target }) => onChange({ ...later, date: target.value })}
        />
        <Part
          name="time"
          label="later.time"
          value={later.time}
          error={error('time')}
          onChange={({ target }) => onChange({ ...later, time: target.value })}
        />
      </Flex>
      <Typography variant="pi" textColor="neutral600">
        {t('later.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone, offset })}
      </Typography>
    </Flex>
  );
};
