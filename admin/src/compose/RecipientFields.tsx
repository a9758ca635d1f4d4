import { Field, Flex, TextButton, TextInput } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import * as React from 'react';
import { useText } from '../lib/use-text';
import type { Draft } from './draft';

type Name = 'to' | 'cc' | 'bcc';

interface Props {
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
  error: (field: Name) => string | undefined;
}

const RecipientField = ({
  name,
  value,
  hint,
  error,
  onChange,
  autoFocus,
}: {
  name: Name;
  value: string;
  hint?: string;
  error: string | undefined;
  onChange: (value: string) => void;
  autoFocus?: boolean;
}) => {
  const t = useText();
  const input = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => {
    if (autoFocus) input.current?.focus();
  }, [autoFocus]);
  return (
    <Field.Root name={name} error={error} hint={hint}>
      <Field.Label>{t(`compose.${name}`)}</Field.Label>
      <TextInput
        ref={input}
        name={name}
        value={value}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => onChange(target.value)}
      />
      <Field.Hint />
      <Field.Error />
    </Field.Root>
  );
};

/** To, and behind a button Cc and Bcc. What is in them, or is wrong in them, is always to be seen. */
export const RecipientFields = ({ draft, onChange, error }: Props) => {
  const t = useText();
  const [asked, setAsked] = React.useState(false);
  const open = asked || [draft.cc, draft.bcc, error('cc') ?? '', error('bcc') ?? ''].some((text) => text !== '');
  return (
    <>
      <RecipientField
        name="to"
        value={draft.to}
        hint={t('compose.to.hint')}
        error={error('to')}
        onChange={(to) => onChange({ to })}
      />
      {open ? (
        <>
          <RecipientField
            name="cc"
            value={draft.cc}
            error={error('cc')}
            onChange={(cc) => onChange({ cc })}
            autoFocus={asked}
          />
          <RecipientField
            name="bcc"
            value={draft.bcc}
            hint={t('compose.bcc.hint')}
            error={error('bcc')}
            onChange={(bcc) => onChange({ bcc })}
          />
        </>
      ) : (
        <Flex>
          <TextButton startIcon={<Plus />} onClick={() => setAsked(true)}>
            {t('compose.add-cc')}
          </TextButton>
        </Flex>
      )}
    </>
  );
};
