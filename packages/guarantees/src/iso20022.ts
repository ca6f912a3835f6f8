import type { GuaranteeStep } from './guarantee-state.ts';

/** Event → ISO 20022 Trade Services message (tsrv, V01, MDR of March 2013) and SWIFT MT, where there is one. */
export interface UndertakingMessageName {
  readonly tsrv: string | null;
  readonly name: string;
  readonly mt: string | null;
}

export const undertakingMessages = {
  submit: { tsrv: null, name: 'UndertakingApplication', mt: null },
  issue: { tsrv: 'tsrv.001.001.01', name: 'UndertakingIssuance', mt: 'MT760' },
  'request-amendment': { tsrv: 'tsrv.004.001.01', name: 'UndertakingAmendmentRequest', mt: null },
  amend: { tsrv: 'tsrv.005.001.01', name: 'UndertakingAmendment', mt: 'MT767' },
  extend: { tsrv: 'tsrv.005.001.01', name: 'UndertakingAmendment', mt: 'MT767' },
  'refuse-amendment': { tsrv: 'tsrv.008.001.01', name: 'UndertakingAmendmentResponse', mt: 'MT787' },
  release: { tsrv: 'tsrv.012.001.01', name: 'UndertakingTerminationNotification', mt: 'MT769' },
  'present-demand': { tsrv: 'tsrv.013.001.01', name: 'UndertakingDemand', mt: 'MT765' },
  'refuse-demand': { tsrv: 'tsrv.016.001.01', name: 'DemandRefusalNotification', mt: 'MT786' },
  'withdraw-demand': { tsrv: 'tsrv.017.001.01', name: 'DemandWithdrawalNotification', mt: null },
  expire: { tsrv: 'tsrv.019.001.01', name: 'UndertakingStatusReport', mt: null },
} as const satisfies Partial<Record<GuaranteeStep, UndertakingMessageName>>;
