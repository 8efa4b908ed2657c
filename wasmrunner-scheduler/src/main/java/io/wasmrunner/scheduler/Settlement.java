package io.wasmrunner.scheduler;

import java.time.Instant;

/** How an attempt to deliver ended. */
sealed interface Settlement {
  /** HTTP status of the answer; 0 when there was none. */
  int status();

  /** Why it failed; empty when it did not. */
  String error();

  /** The subscriber has the message. */
  record Delivered(int status) implements Settlement {
    @Override
    public String error() {
      return "";
    }
  }

  /** Failed; try again. */
  record Retry(int status, String error, Instant at) implements Settlement {}

  /** The subscriber could not be asked, so the attempt does not count. */
  record NotAsked(String error) implements Settlement {
    @Override
    public int status() {
      return 0;
    }
  }

  /** Given up. */
  record Dead(int status, String error) implements Settlement {}
}
