const metaOf = (name: string): string => {
  const content = document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';
  if (!URL.canParse(content)) throw new Error(`the page was served without ${name}`);
  return new URL(content).origin;
};

/** Written into the page by the platform that serves it. */
export const keyringOrigin = (): string => metaOf('qej-keyring-origin');
export const intakeOrigin = (): string => metaOf('qej-intake-origin');
