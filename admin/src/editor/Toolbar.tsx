import { Tooltip } from '@strapi/design-system';
import { Image, Link } from '@strapi/icons';
import { useEditorState, type Editor } from '@tiptap/react';
import * as React from 'react';
import { useText } from '../shared/i18n/use-text';
import { Bar, Block, Group, ToolButton } from './styles';
import { BLOCKS, HISTORY, MARKS, type Tool } from './tools';

const LEVELS = [2, 3] as const;
const isApple = () => /mac|iphone|ipad/i.test(navigator.platform);

/** Formats a shortcut for display and for `aria-keyshortcuts`. */
const useKeys = () => {
  const t = useText();
  const apple = isApple();
  return (keys: string) => {
    const names: Record<string, string> = {
      Mod: apple ? '⌘' : t('editor.key.control'),
      Shift: apple ? '⇧' : t('editor.key.shift'),
      Alt: apple ? '⌥' : 'Alt',
      ArrowLeft: '←',
      ArrowRight: '→',
    };
    const parts = keys.split('-');
    return {
      shown: parts.map((part) => names[part] ?? part).join(apple ? '' : '+'),
      aria: parts.map((part) => (part === 'Mod' ? (apple ? 'Meta' : 'Control') : part)).join('+'),
    };
  };
};

interface Props {
  editor: Editor;
  label: string;
  /** Id of the editable element. */
  controls: string;
  disabled: boolean;
  onLink: () => void;
  onPicture: () => void;
}

/** Moves the focus between tools with the arrow keys, Home and End; Tab stops once, at the last focused tool. */
const useRovingFocus = (first: string) => {
  const bar = React.useRef<HTMLDivElement>(null);
  const [stop, setStop] = React.useState(first);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const tools = [...(bar.current?.querySelectorAll<HTMLElement>('[data-tool]') ?? [])];
    const place = tools.findIndex((tool) => tool === document.activeElement);
    const places: Partial<Record<string, number>> = {
      ArrowLeft: (place + tools.length - 1) % tools.length,
      ArrowRight: (place + 1) % tools.length,
      Home: 0,
      End: tools.length - 1,
    };
    const next = places[event.key];
    if (next === undefined) return;
    event.preventDefault();
    tools[next]?.focus();
  };
  const toolProps = (tool: string) => ({
    'data-tool': tool,
    tabIndex: tool === stop ? 0 : -1,
    onFocus: () => setStop(tool),
  });
  return { bar, onKeyDown, toolProps };
};

type ToolProps = ReturnType<ReturnType<typeof useRovingFocus>['toolProps']>;

interface ToolbarButtonProps {
  tool: Pick<Tool, 'label' | 'keys' | 'Icon'>;
  toolProps: ToolProps;
  run: () => void;
  disabled: boolean;
  /** undefined: not a toggle */
  on?: boolean;
  can?: boolean;
  flip?: boolean;
}

const ToolbarButton = ({ tool, toolProps, run, disabled, on, can = true, flip = false }: ToolbarButtonProps) => {
  const t = useText();
  const keysOf = useKeys();
  const keys = tool.keys === '' ? null : keysOf(tool.keys);
  const isOff = disabled || !can;
  return (
    <Tooltip label={keys ? `${t(tool.label)} (${keys.shown})` : t(tool.label)}>
      <ToolButton
        {...toolProps}
        type="button"
        $flip={flip}
        aria-label={t(tool.label)}
        aria-pressed={on}
        aria-keyshortcuts={keys?.aria}
        aria-disabled={isOff || undefined}
        // Keeps the selection in the editor.
        onMouseDown={(event: React.MouseEvent) => event.preventDefault()}
        onClick={() => !isOff && run()}
      >
        <tool.Icon aria-hidden />
      </ToolButton>
    </Tooltip>
  );
};

const BlockSelect = ({
  editor,
  value,
  disabled,
  toolProps,
}: {
  editor: Editor;
  value: string;
  disabled: boolean;
  toolProps: ToolProps;
}) => {
  const t = useText();
  return (
    <Block
      {...toolProps}
      aria-label={t('editor.block')}
      disabled={disabled}
      value={value}
      // Does not focus the editor: each arrow key in a closed select is a change.
      onChange={({ target }) => {
        const level = LEVELS.find((known) => String(known) === target.value);
        if (level === undefined) editor.commands.setParagraph();
        else editor.commands.setHeading({ level });
      }}
    >
      <option value="">{t('editor.paragraph')}</option>
      <option value="2">{t('editor.heading')}</option>
      <option value="3">{t('editor.subheading')}</option>
    </Block>
  );
};

const LINK = { label: 'editor.link', keys: 'Mod-K', Icon: Link } as const;
const PICTURE = { label: 'editor.picture', keys: '', Icon: Image } as const;

/** Toolbar with a single Tab stop (WAI-ARIA). */
export const Toolbar = ({ editor, label, controls, disabled, onLink, onPicture }: Props) => {
  const { bar, onKeyDown, toolProps } = useRovingFocus('editor.bold');
  const now = useEditorState({
    editor,
    selector: ({ editor: current }) => ({
      on: Object.fromEntries([...MARKS, ...BLOCKS].map(({ label: key, isOn }) => [key, isOn?.(current) ?? false])),
      can: Object.fromEntries([...BLOCKS, ...HISTORY].map(({ label: key, can }) => [key, can?.(current) ?? true])),
      link: current.isActive('link'),
      block: String(LEVELS.find((level) => current.isActive('heading', { level })) ?? ''),
    }),
  });
  const button = (
    tool: ToolbarButtonProps['tool'],
    run: () => void,
    more: Pick<ToolbarButtonProps, 'on' | 'can' | 'flip'> = {}
  ) => (
    <ToolbarButton
      key={tool.label}
      tool={tool}
      toolProps={toolProps(tool.label)}
      run={run}
      disabled={disabled}
      {...more}
    />
  );
  const tools = (list: readonly Tool[]) =>
    list.map((tool) =>
      button(tool, () => tool.run(editor), {
        on: tool.isOn ? now.on[tool.label] : undefined,
        can: now.can[tool.label],
        flip: tool.label === 'editor.undo',
      })
    );
  const clear = () => editor.chain().focus().unsetAllMarks().clearNodes().run();

  return (
    <Bar ref={bar} role="toolbar" aria-label={label} aria-controls={controls} onKeyDown={onKeyDown}>
      <BlockSelect editor={editor} value={now.block} disabled={disabled} toolProps={toolProps('editor.block')} />
      <Group>{tools(MARKS)}</Group>
      <Group>{tools(BLOCKS)}</Group>
      <Group>
        {button(LINK, onLink, { on: now.link })}
        {button(PICTURE, onPicture)}
      </Group>
      <Group>
        {tools(HISTORY)}
        {button({ label: 'editor.clear', keys: '', Icon: ClearIcon }, clear)}
      </Group>
    </Bar>
  );
};

/** The design system has no such icon. */
const ClearIcon = () => (
  <svg viewBox="0 0 16 16" aria-hidden>
    <path d="M2 2h9v2.4H9.6V3.6H7.4v8H8.6V13H4.4v-1.400h1.200v-8H3.400v.8H2zM10.200 10l1.100-1.100 1.500 1.500 1.500-1.500L15.400 10l-1.500 1.500 1.500 1.500-1.100 1.100-1.500-1.500-1.500 1.500L10.200 13l1.500-1.500z" />
  </svg>
);
