import { Flex, Typography } from '@strapi/design-system';
import * as React from 'react';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import { keyOf, type Subject } from './entries';

/** List of users and roles, each with a button that removes it. `children` renders the content of an entry. */
export const SubjectList = <E extends Subject>({
  label,
  none,
  entries,
  remove,
  children,
}: {
  label: TextKey;
  /** Shown instead of an empty list. */
  none: TextKey;
  entries: readonly E[];
  remove: (entry: E) => void;
  children: (entry: E, remove: () => void) => React.ReactNode;
}) => {
  const t = useText();
  const list = React.useRef<HTMLUListElement>(null);
  return (
    <>
      {entries.length === 0 && <Typography textColor="warning700">{t(none)}</Typography>}
      <Flex
        ref={list}
        tag="ul"
        tabIndex={-1}
        aria-label={t(label)}
        direction="column"
        alignItems="stretch"
        hidden={entries.length === 0}
      >
        {entries.map((entry) => (
          <React.Fragment key={keyOf(entry)}>
            {children(entry, () => {
              remove(entry);
              // The focused button disappears with its row; keep the focus in the list.
              list.current?.focus();
            })}
          </React.Fragment>
        ))}
      </Flex>
    </>
  );
};
