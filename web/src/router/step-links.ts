/** Where a command of `nextStep` is done; a command without a row is done on the tender's own page. */
const pages: Readonly<Record<string, string>> = {};

/** Path of the page on which a next step is done. */
export const stepPath = (command: string, tenderId: string): string => `/tenders/${tenderId}${pages[command] ?? ''}`;
