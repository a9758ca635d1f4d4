import { Box, Field, Flex, IconButton, Typography } from '@strapi/design-system';
import { Trash } from '@strapi/icons';
import type { GrantProblem, GrantSubject } from '../../../../server/src/contracts/answers';
import { useMailboxesGrantSubjectsQuery } from '../grants/api';
import { dayOf, endOf, isOver, keyOf, sameSubject, type GrantEntry } from '../grants/entries';
import { SubjectList } from '../grants/SubjectList';
import { labelOf, SubjectPickers } from '../grants/SubjectPickers';
import { boundFields } from '../../shared/ui/bound-fields';
import { Section, ToggleField } from '../../shared/ui/fields';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import type { Errors } from './errors';
import type { MailboxForm } from './form';

interface Props {
  form: MailboxForm;
  /** documentId; null: the mailbox is not stored yet */
  mailbox: string | null;
  errors: Errors;
  readOnly: boolean;
  /** Whether the user may read and change grants. */
  mayGrant: boolean;
  change: (part: Partial<MailboxForm>) => void;
  entries: readonly GrantEntry[];
  setEntries: (entries: readonly GrantEntry[]) => void;
  /** Names of the subjects without a stored grant. */
  names: ReadonlyMap<string, string>;
  setName: (entry: Pick<GrantEntry, 'kind' | 'subject'>, name: string) => void;
}

const PROBLEMS: Record<GrantProblem, TextKey> = {
  blocked: 'grant.blocked',
  inactive: 'grant.inactive',
  'cannot-send': 'grant.cannot-send',
  'not-a-member': 'grant.not-a-member',
  'no-users': 'grant.no-users',
  'none-can-send': 'grant.none-can-send',
};

const Row = ({
  entry,
  name,
  problems,
  error,
  remove,
  setEnd,
}: {
  entry: GrantEntry;
  name: string;
  problems: readonly string[];
  error: string | undefined;
  remove: () => void;
  setEnd: (end: string | null) => void;
}) => {
  const t = useText();
  const what = t(entry.kind === 'user' ? 'access.user' : 'access.role');
  return (
    <Flex
      tag="li"
      justifyContent="space-between"
      gap={3}
      wrap="wrap"
      paddingTop={3}
      paddingBottom={3}
      style={{ borderTop: '1px solid currentColor', borderColor: 'rgba(128, 128, 160, 0.25)' }}
    >
      <Box minWidth="16rem" flex="1" style={{ overflowWrap: 'anywhere' }}>
        <Typography tag="p" fontWeight="semiBold">
          {name}
        </Typography>
        <Typography tag="p" variant="pi" textColor="neutral600">
          {what}
        </Typography>
        {problems.map((problem) => (
          <Typography key={problem} tag="p" variant="pi" textColor="warning700">
            {problem}
          </Typography>
        ))}
      </Box>
      <Flex gap={2} alignItems="flex-end">
        <Field.Root name={`end-${keyOf(entry)}`} error={error}>
          <Field.Label>{t('access.until')}</Field.Label>
          <Field.Input
            type="date"
            aria-label={t('access.until.of', { name })}
            value={dayOf(entry.expiresAt)}
            onChange={({ target }) => setEnd(endOf(target.value))}
          />
          <Field.Error />
        </Field.Root>
        <IconButton type="button" label={t('access.remove', { name })} onClick={remove}>
          <Trash />
        </IconButton>
      </Flex>
    </Flex>
  );
};

const Grants = ({ mailbox, errors, entries, setEntries, names, setName }: Props) => {
  const t = useText();
  const { data: subjects = [] } = useMailboxesGrantSubjectsQuery(mailbox ?? '', {
    skip: mailbox === null,
    refetchOnMountOrArgChange: true,
  });

  const subjectOf = ({ kind, subject }: GrantEntry): GrantSubject | undefined =>
    subjects.find((other) => other.kind === kind && other.id === subject);
  const nameOf = (entry: GrantEntry): string => {
    const subject = subjectOf(entry);
    return subject ? labelOf(subject) : (names.get(keyOf(entry)) ?? `#${entry.subject}`);
  };
  const problemsOf = (entry: GrantEntry): string[] => {
    const problem = entry.id === null ? null : subjectOf(entry)?.problem;
    return [...(isOver(entry, Date.now()) ? [t('grant.expired')] : []), ...(problem ? [t(PROBLEMS[problem])] : [])];
  };
  const replace = (entry: GrantEntry, expiresAt: string | null) =>
    setEntries(entries.map((other) => (sameSubject(other, entry) ? { ...other, expiresAt } : other)));
  const remove = (entry: GrantEntry) => setEntries(entries.filter((other) => !sameSubject(other, entry)));

  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <SubjectPickers
        present={entries}
        add={(subject, choice) => {
          setName(subject, labelOf(choice));
          setEntries([...entries, { ...subject, expiresAt: null, id: null }]);
        }}
      />
      <SubjectList label="access.list" none="access.none" entries={entries} remove={remove}>
        {(entry, removeRow) => (
          <Row
            entry={entry}
            name={nameOf(entry)}
            problems={problemsOf(entry)}
            error={errors[keyOf(entry)]}
            remove={removeRow}
            setEnd={(expiresAt) => replace(entry, expiresAt)}
          />
        )}
      </SubjectList>
    </Flex>
  );
};

/** Grants of a restricted mailbox: users and roles, each with an optional end. */
export const AccessSection = (props: Props) => {
  const { form, readOnly, mayGrant, entries } = props;
  const t = useText();
  return (
    <Section title="section.access">
      <ToggleField {...boundFields(props)('restricted')} label="restricted" hint={t('restricted.hint')} />
      {form.restricted && mayGrant && <Grants {...props} />}
      {form.restricted && !mayGrant && !readOnly && (
        <Typography textColor="neutral600">{t('access.hidden')}</Typography>
      )}
      {!form.restricted && entries.length > 0 && (
        <Typography textColor="neutral600">{t('access.dormant', { count: entries.length })}</Typography>
      )}
    </Section>
  );
};
