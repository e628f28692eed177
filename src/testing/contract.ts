/** One case of a contract suite: give it to any test runner. */
export interface ContractCase {
  /** A sentence that says what the subject does. */
  readonly name: string;
  /** Rejects when the subject does otherwise. Resolves to a reason when it declares that it cannot do this. */
  readonly run: () => Promise<ContractSkip | undefined>;
}

export interface ContractSkip {
  readonly skipped: string;
}
