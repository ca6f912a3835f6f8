import { RoomClient } from '@qej/rooms';
import type { ClientState, ReceivedTrack } from '@qej/rooms';
import { onScopeDispose, shallowRef } from 'vue';
import type { ShallowRef } from 'vue';

export type { ReceivedTrack } from '@qej/rooms';

type Device = Awaited<ReturnType<ConstructorParameters<typeof RoomClient>[0]['createDevice']>>;

export interface RoomWatch {
  readonly state: ShallowRef<ClientState | undefined>;
  readonly tracks: ShallowRef<readonly ReceivedTrack[]>;
  /** @throws DomainError `E_ROOM_*` when the room refuses */
  enter(): Promise<void>;
  leave(): Promise<void>;
}

/** Sees and hears a room without sending anything; left with the page. */
export function useRoomWatch(tenderId: string): RoomWatch {
  const state = shallowRef<ClientState>();
  const tracks = shallowRef<readonly ReceivedTrack[]>([]);
  let client: RoomClient | undefined;
  const drop = ({ participantId, source }: ReceivedTrack): void => {
    tracks.value = tracks.value.filter((one) => one.participantId !== participantId || one.source !== source);
  };
  const leave = async (): Promise<void> => {
    const left = client;
    client = undefined;
    state.value = undefined;
    tracks.value = [];
    await left?.leave();
  };
  const enter = async (): Promise<void> => {
    await leave();
    const entered = new RoomClient({
      openSocket: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/rooms/${tenderId}`),
      // The library is large and used by few: it is loaded at the door.
      createDevice: async () => (await (await import('mediasoup-client')).Device.factory()) as unknown as Device,
    });
    client = entered;
    entered.on('state', (shown) => {
      if (client === entered) state.value = shown;
    });
    entered.on('track', (track) => {
      drop(track);
      tracks.value = [...tracks.value, track];
    });
    entered.on('trackEnded', drop);
    await entered.join();
  };
  onScopeDispose(() => void leave().catch(() => undefined)); // the page is gone; the server ends the seat by itself
  return { state, tracks, enter, leave };
}
