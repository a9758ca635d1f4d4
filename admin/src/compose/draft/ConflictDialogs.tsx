import { Box, Button, Dialog, Flex, LinkButton, Modal, Typography } from '@strapi/design-system';
import * as React from 'react';
import { NavLink } from 'react-router-dom';
import type { Draft as StoredDraft } from '../../../../server/src/contracts/answers';
import { OUTBOX_PATH } from '../../shared/paths';
import { useText } from '../../shared/i18n/use-text';
import { useTime } from '../../shared/time/use-time';
import { textLinesOf } from '../../shared/ui/html-text';
import { draftStore, useDrafts } from './store';
import { recipientsOf, type Draft } from './draft';
import { autosave } from './persistence';
import { draftOf } from './mapping';

const addressesOf = ({ to, cc, bcc }: Draft): string =>
  [to, cc, bcc]
    .flatMap(recipientsOf)
    .map((one) => (typeof one === 'string' ? one : one.email))
    .join(', ');

const Version = ({ title, draft, children }: { title: string; draft: Draft; children: React.ReactNode }) => {
  const t = useText();
  const id = React.useId();
  return (
    <Flex
      tag="section"
      aria-labelledby={id}
      direction="column"
      alignItems="stretch"
      gap={3}
      padding={4}
      hasRadius
      borderColor="neutral200"
      flex="1"
      minWidth="min(24rem, 100%)"
    >
      <Typography id={id} tag="h3" variant="delta">
        {title}
      </Typography>
      <Typography variant="pi" textColor="neutral600">
        {addressesOf(draft) || t('drafts.nobody')}
      </Typography>
      <Typography fontWeight="bold">{draft.subject || t('submissions.no-subject')}</Typography>
      <Typography tag="div" style={{ whiteSpace: 'pre-line', overflow: 'auto', maxHeight: '24rem' }} tabIndex={0}>
        {textLinesOf(draft.html)}
      </Typography>
      {children}
    </Flex>
  );
};

interface Props {
  /** Called when the dialog closes, to move the focus. */
  onSettled: () => void;
}

const Conflict = ({ other, onSettled }: Props & { other: StoredDraft }) => {
  const t = useText();
  const time = useTime();
  const { draft } = useDrafts();
  const keepMine = () => {
    draftStore.overwrite(other);
    onSettled();
    void autosave.flush();
  };
  const takeOther = () => {
    draftStore.takeOther(other);
    onSettled();
  };
  const keepBoth = () => {
    draftStore.detach();
    onSettled();
    void autosave.flush();
  };
  return (
    <Modal.Root open>
      <Modal.Content
        onEscapeKeyDown={(event) => event.preventDefault()}
        onInteractOutside={(event) => event.preventDefault()}
      >
        {/* Not the header of the design system: its close button would skip the choice. */}
        <Box padding={5} background="neutral100">
          <Modal.Title>{t('conflict.title')}</Modal.Title>
        </Box>
        <Modal.Body>
          <Flex direction="column" alignItems="stretch" gap={4}>
            <Typography>{t('conflict.text', { time: time(other.updatedAt) })}</Typography>
            <Flex gap={4} wrap="wrap" alignItems="stretch">
              <Version title={t('conflict.mine')} draft={draft}>
                <Button onClick={keepMine}>{t('conflict.keep-mine')}</Button>
              </Version>
              <Version title={t('conflict.other')} draft={draftOf(other, '')}>
                <Button variant="secondary" onClick={takeOther}>
                  {t('conflict.take-other')}
                </Button>
              </Version>
            </Flex>
          </Flex>
        </Modal.Body>
        <Modal.Footer>
          <Button variant="tertiary" onClick={keepBoth}>
            {t('conflict.keep-both')}
          </Button>
        </Modal.Footer>
      </Modal.Content>
    </Modal.Root>
  );
};

const SentElsewhere = ({ submission, onSettled }: Props & { submission: string }) => {
  const t = useText();
  return (
    <Dialog.Root open>
      <Dialog.Content onEscapeKeyDown={(event) => event.preventDefault()}>
        <Dialog.Header>{t('sent-elsewhere.title')}</Dialog.Header>
        <Dialog.Body>
          <Typography>{t('sent-elsewhere.text')}</Typography>
        </Dialog.Body>
        <Dialog.Footer>
          <Button
            fullWidth
            variant="tertiary"
            onClick={() => {
              draftStore.detach();
              onSettled();
              void autosave.flush();
            }}
          >
            {t('sent-elsewhere.keep')}
          </Button>
          <LinkButton fullWidth tag={NavLink} to={`${OUTBOX_PATH}/${submission}`} onClick={() => draftStore.discard()}>
            {t('sent-elsewhere.look')}
          </LinkButton>
        </Dialog.Footer>
      </Dialog.Content>
    </Dialog.Root>
  );
};

/** Shown when another tab or browser has changed or sent the draft. The author chooses which version to keep. */
export const ConflictDialogs = ({ onSettled }: Props) => {
  const { saving } = useDrafts();
  if (saving.kind === 'conflict') return <Conflict other={saving.other} onSettled={onSettled} />;
  if (saving.kind === 'sent') return <SentElsewhere submission={saving.submission} onSettled={onSettled} />;
  return null;
};
