import { createSignal } from 'solid-js';

const [isPaletteOpen, setPaletteOpen] = createSignal(false);
const [isHelpOpen, setHelpOpen] = createSignal(false);
const [isRailOpen, setRailOpen] = createSignal(false);

/** What lies over the shell. The rail is one only on narrow screens. */
export { isHelpOpen, isPaletteOpen, isRailOpen, setHelpOpen, setPaletteOpen, setRailOpen };
