/** A provider that sent all of its rows, with what it signed for them. */
export interface RowsSource {
  readonly party: string;
  /** A compact JWS over `ReceiptClaims`. */
  readonly receipt: string;
}
