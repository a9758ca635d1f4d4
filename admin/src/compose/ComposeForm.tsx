import { Button, Field, Flex, Grid, Textarea, TextInput } from '@strapi/design-system';
import { Calendar, PaperPlane } from '@strapi/icons';
import * as React from 'react';
import type { IdentityList, OwnAddressStatus } from '../../../server/src/contracts/answers';
import { Notice } from '../lib/Notice';
import { useText } from '../lib/use-text';
import { Section } from '../lib/fields';
import { ConfirmAddress } from '../own-address/ConfirmAddress';
import { chosenFrom, chosenReplyTo, type Draft } from './draft';
import { draftStore, useDrafts } from './draft-store';
import { IdentityField } from './IdentityField';
import { firstField, type FieldName, type Problem } from './problem';
import { RecipientFields } from './RecipientFields';
import { SendLater } from './SendLater';
import { browserOffsetAt, firstSuggestion } from './send-later';
import { Unavailable } from './Unavailable';
import { NO_PROBLEM, useSend } from './use-send';
import { useSayings } from './use-sayings';

interface Props {
  tenant: string;
  list: IdentityList;
  own: OwnAddressStatus;
  refresh: () => Promise<IdentityList | null>;
}

/** One message: who it is from, who gets it, what it says, and when it leaves. */
export const ComposeForm = ({ tenant, list, own, refresh }: Props) => {
  const t = useText();
  const say = useSayings();
  const { draft } = useDrafts();
  const { send, isSending } = useSend({ tenant, list, refresh });
  const [problem, setProblem] = React.useState<Problem>(NO_PROBLEM);
  /** Sending ended so many times with a problem: each time, and only then, the focus goes to it. */
  const [refusals, setRefusals] = React.useState(0);
  const form = React.useRef<HTMLFormElement>(null);
  const general = React.useRef<HTMLDivElement>(null);

  const goTo = (name: FieldName) => form.current?.querySelector<HTMLElement>(`[name="${name}"]`)?.focus();
  React.useEffect(() => {
    if (refusals === 0) return;
    const name = firstField(problem);
    if (name) goTo(name);
    else general.current?.focus();
    // Not by `problem`: one that shrinks while it is being mended must move nobody.
  }, [refusals]);

  const error = (field: FieldName) => say(problem.fields[field]);
  const change = (part: Partial<Draft>) => {
    draftStore.change(part);
    const changed: FieldName[] = part.later === undefined ? (Object.keys(part) as FieldName[]) : ['date', 'time'];
    if (changed.some((name) => name in problem.fields))
      setProblem(({ fields, ...rest }) => ({
        ...rest,
        fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !changed.includes(name as FieldName))),
      }));
  };
  const onSubmit = (event: React.FormEvent) => {
    event.preventDefault();
    if (isSending) return;
    setProblem(NO_PROBLEM);
    void send(draft).then((found) => {
      setProblem(found);
      if (found !== NO_PROBLEM) setRefusals((count) => count + 1);
    });
  };

  const unconfirmed = list.unavailable.some(({ code }) => code === 'OWN_ADDRESS_UNCONFIRMED');
  const { later } = draft;
  return (
    <form ref={form} noValidate aria-label={t('compose.section')} onSubmit={onSubmit}>
      <Section title="compose.section">
        <Grid.Root gap={4}>
          <Grid.Item col={6} s={12} xs={12} direction="column" alignItems="stretch">
            <IdentityField
              name="from"
              label="compose.from"
              list={list}
              choice={chosenFrom(draft, list)}
              onChange={(from) => change({ from: from ?? undefined })}
              error={error('from')}
            />
          </Grid.Item>
          <Grid.Item col={6} s={12} xs={12} direction="column" alignItems="stretch">
            <IdentityField
              name="replyTo"
              label="compose.reply-to"
              list={list}
              choice={chosenReplyTo(draft, list)}
              onChange={(replyTo) => change({ replyTo })}
              error={error('replyTo')}
            />
          </Grid.Item>
        </Grid.Root>
        {unconfirmed && <ConfirmAddress own={own} onDone={() => goTo('from')} />}
        <Unavailable list={list} />
        <RecipientFields draft={draft} onChange={change} error={error} />
        <Field.Root name="subject" error={error('subject')}>
          <Field.Label>{t('compose.subject')}</Field.Label>
          <TextInput
            name="subject"
            value={draft.subject}
            onChange={({ target }: React.ChangeEvent<HTMLInputElement>) => change({ subject: target.value })}
          />
          <Field.Error />
        </Field.Root>
        <Field.Root name="text" error={error('text')}>
          <Field.Label>{t('compose.text')}</Field.Label>
          <Textarea
            name="text"
            rows={12}
            value={draft.text}
            onChange={({ target }: React.ChangeEvent<HTMLTextAreaElement>) => change({ text: target.value })}
          />
          <Field.Error />
        </Field.Root>
        {later && <SendLater later={later} onChange={(next) => change({ later: next })} error={error} />}
        {problem.general.length > 0 && (
          <Notice ref={general} kind="danger" title={t('compose.not-sent')}>
            {say(problem.general)}
          </Notice>
        )}
        <Flex gap={2} wrap="wrap">
          <Button type="submit" loading={isSending} startIcon={later ? <Calendar /> : <PaperPlane />}>
            {t(later ? 'later.schedule' : 'compose.send')}
          </Button>
          <Button
            variant="tertiary"
            startIcon={later ? <PaperPlane /> : <Calendar />}
            onClick={() => change({ later: later ? null : firstSuggestion(Date.now(), browserOffsetAt) })}
          >
            {t(later ? 'later.now-instead' : 'later.open')}
          </Button>
        </Flex>
      </Section>
    </form>
  );
};
