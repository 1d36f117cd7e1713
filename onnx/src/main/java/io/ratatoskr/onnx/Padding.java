package io.ratatoskr.onnx;

/**
 * The padding of a batch's shorter rows: which token, and on which side.
 *
 * @param id the token that they are filled up with
 * @param left whether before their own tokens; else behind them
 */
record Padding(int id, boolean left) {

  /**
   * Where a row's own tokens begin.
   *
   * @param length the row's own tokens
   * @param padded tokens of every row of the batch
   */
  int begin(int length, int padded) {
    return left ? padded - length : 0;
  }
}
