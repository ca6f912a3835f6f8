/** One light of `step-lights`. */
export interface Light {
  readonly id: string;
  readonly label: string;
  readonly state: 'done' | 'now' | 'next' | 'failed';
  readonly detail?: string;
}
