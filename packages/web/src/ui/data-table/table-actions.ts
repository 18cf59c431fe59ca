import { registerActions } from '#web/app/actions/actions.ts';

/** What the keyboard does in a list. */
export function registerTableActions(table: {
  readonly move: (step: number) => void;
  readonly open: () => void;
  readonly mayOpen: () => boolean;
  readonly edit: () => void;
  readonly mayEdit: () => boolean;
  readonly choose: (isRange: boolean) => void;
  readonly mayChoose: () => boolean;
}): void {
  const hidden = { group: 'List', isHiddenInPalette: true } as const;
  registerActions(
    { ...hidden, id: 'list.next', name: 'Next row', shortcut: 'j', isRepeatable: true, run: () => table.move(1) },
    {
      ...hidden,
      id: 'list.previous',
      name: 'Previous row',
      shortcut: 'k',
      isRepeatable: true,
      run: () => table.move(-1),
    },
    {
      ...hidden,
      id: 'list.open',
      name: 'Open the row',
      shortcut: 'enter',
      isEnabled: table.mayOpen,
      run: table.open,
    },
    { ...hidden, id: 'list.edit', name: 'Edit the row', shortcut: 'e', isEnabled: table.mayEdit, run: table.edit },
    {
      ...hidden,
      id: 'list.choose',
      name: 'Choose the row',
      shortcut: 'x',
      isEnabled: table.mayChoose,
      run: () => table.choose(false),
    },
    {
      ...hidden,
      id: 'list.choose-range',
      name: 'Choose all rows up to here',
      shortcut: 'shift+x',
      isEnabled: table.mayChoose,
      run: () => table.choose(true),
    },
  );
}
