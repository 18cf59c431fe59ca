/** How wide or how pressing something is. */
export const LEVELS = [
  { value: '1', label: 'High' },
  { value: '2', label: 'Medium' },
  { value: '3', label: 'Low' },
];
