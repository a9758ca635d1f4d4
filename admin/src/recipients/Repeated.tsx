import { useText } from '../shared/i18n/use-text';
import { textOf } from './chips';
import { FirstLines } from './FirstLines';
import type { RawRecipient } from './parse';

/** Lists recipients that are in another field too. They are valid: each address receives one message. */
export const Repeated = ({ repeated }: { repeated: readonly { recipient: RawRecipient; label: string }[] }) => {
  const t = useText();
  return (
    <FirstLines
      role="status"
      lines={repeated.map(({ recipient, label }) =>
        t('recipients.repeated', { recipient: textOf(recipient), field: label })
      )}
      more={(count) => t('recipients.repeated.more', { count })}
      colour="neutral600"
    />
  );
};
