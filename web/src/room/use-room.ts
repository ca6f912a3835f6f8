import { computed, onScopeDispose } from 'vue';
import { useAction } from '../composables/use-action.ts';
import { makeRoomConnection } from './room-connection.ts';

/** A person's side of the expert room: who is here, what arrives, and the switches. Leaves with the page. */
export function useRoom(tenderId: string) {
  const { state, tracks, own, isWithoutDevice, send, stop, client, ...connection } = makeRoomConnection(tenderId);
  const join = useAction(connection.join);
  const leave = useAction(connection.leave);
  const me = computed(() => state.value.participants.find(({ id }) => id === state.value.you?.id));
  const isMuted = computed(() => me.value?.sources.find(({ source }) => source === 'mic')?.state !== 'live');
  const hasHand = computed(() => state.value.hands.includes(state.value.you?.id ?? ''));
  const toggleMic = useAction(async () => {
    if (own.value.mic === undefined) await send('mic');
    else await client()?.setMuted('mic', !isMuted.value);
  });
  const toggle = (source: 'camera' | 'screen') =>
    useAction(async () => {
      if (own.value[source] === undefined) await send(source);
      else await stop(source);
    });
  const toggleCamera = toggle('camera');
  const toggleScreen = toggle('screen');
  const toggleHand = useAction(async () => {
    await (hasHand.value ? client()?.lowerHand() : client()?.raiseHand());
  });
  const grantFloor = useAction(async (participantId: string | null) => client()?.grantFloor(participantId));
  const muteOther = useAction(async (participantId: string) => client()?.muteParticipant(participantId, 'mic'));
  /** Pictures that nobody sees are not sent here. */
  const setPictures = async (on: boolean): Promise<void> => {
    for (const { participantId, source } of tracks.value)
      if (source === 'camera') await client()?.setReceiving(participantId, source, on);
  };
  const actions = [join, leave, toggleMic, toggleCamera, toggleScreen, toggleHand, grantFloor, muteOther];
  const error = computed(() => actions.map((action) => action.error.value).find((one) => one !== undefined));
  onScopeDispose(() => void leave.run());
  const switches = { toggleMic, toggleCamera, toggleScreen, toggleHand, grantFloor, muteOther, setPictures };
  return { state, tracks, own, isWithoutDevice, error, isMuted, hasHand, join, leave, ...switches };
}
export type Room = ReturnType<typeof useRoom>;
