import type { MessageKey } from '../i18n/index.ts';
import type { Translate } from './use-t.ts';

/** Types of log entries in words (docs/formats/evidence-log.md); an unknown type is shown as it is written. */
const words: Readonly<Record<string, MessageKey>> = {
  notice: 'evidence.typeNotice',
  acceptance: 'evidence.typeAcceptance',
  pool: 'evidence.typePool',
  closing: 'evidence.typeClosing',
  release: 'evidence.typeRelease',
  'owners-published': 'evidence.typeOwners',
  'decryption-started': 'evidence.typeWindow',
  'halves-complete': 'evidence.typeHalves',
  'coefficient-drawn': 'evidence.typeCoefficient',
  'prices-shown': 'evidence.typePrices',
  'price-answered': 'evidence.typePriceAnswered',
  'fault-confirmed': 'evidence.typeFault',
  'bid-refused': 'evidence.typeBidRefused',
  'failed-few': 'evidence.typeFailedFew',
  'opening-record': 'evidence.typeOpeningRecord',
  'opening-ended': 'evidence.typeOpeningEnded',
  draw: 'evidence.typeDraw',
  'member-replaced': 'evidence.typeMember',
  'sign-in': 'evidence.typeSignIn',
  declaration: 'evidence.typeDeclaration',
  'chair-elected': 'evidence.typeChair',
  'evaluation-started': 'evidence.typeEvaluationStarted',
  'sheets-submitted': 'evidence.typeSheets',
  'sheets-reopened': 'evidence.typeReopened',
  'scores-locked': 'evidence.typeScores',
  recording: 'evidence.typeRecording',
  report: 'evidence.typeReport',
  candidates: 'evidence.typeCandidates',
  award: 'evidence.typeAward',
  contract: 'evidence.typeContract',
  termination: 'evidence.typeTermination',
  'guarantee-verified': 'evidence.typeGuarantee',
  'supervisor-look': 'evidence.typeSupervisorLook',
  'token-key': 'evidence.typeTokenKey',
};

export function entryName(type: string, t: Translate): string {
  const key = Object.hasOwn(words, type) ? words[type] : undefined;
  return key === undefined ? type : t(key);
}
