package io.ratatoskr.client;

import org.apache.kafka.common.header.Headers;

/** Takes the records of an inbox that belong to a call and come before its terminal reply. */
interface Parts {

  /** The receiver of a call whose answer comes as a whole. */
  Parts NONE =
      new Parts() {
        @Override
        public boolean knows(String kind) {
          return false;
        }

        @Override
        public void take(String kind, byte[] value, Headers headers) {
          throw new IllegalStateException("no part is known here, also none of kind " + kind);
        }
      };

  /** Whether records of that kind are wanted; others are counted and left alone. */
  boolean knows(String kind);

  /**
   * Takes a part, in the order of offsets, never two at once, none after the call's end. Must not
   * block: it runs on one of the threads that all calls share.
   */
  void take(String kind, byte[] value, Headers headers);
}
