/** Multiplies the runs of the property tests; 1 in the suite, more by hand. */
export const RUN_FACTOR = 1;
