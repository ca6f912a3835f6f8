/**
 * In which order a room goes. Each stage waits for the one before; each may be asked for again; a child that
 * is already gone (a recorder killed, a socket cut, a worker dead) is passed over.
 *
 * 1. room: the state turns to `closing`; nobody enters, nothing new is sent; everybody is told.
 * 2. recordings: while the packets still flow, so that every file gets its end; hashed and reported.
 * 3. transports: producers, consumers and the router go; from here on nobody is seen or heard.
 * 4. sockets: closed with the code for "room closed"; the state turns to `closed`.
 */
export const closingCascade = ['room', 'recordings', 'transports', 'sockets'] as const;
export type ClosingStage = (typeof closingCascade)[number];
