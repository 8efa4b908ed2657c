package io.wasmrunner.model;

import java.util.List;
import java.util.Locale;

/**
 * What differs between a service as it runs and as its folder describes it.
 *
 * @param service name of the service
 * @param kind what kind of difference
 * @param details the differences, one a line, without secrets
 * @param effect what a reload does about it, for people
 */
public record ServiceChange(String service, Kind kind, List<String> details, String effect) {
  /** Copies the list. */
  public ServiceChange {
    details = List.copyOf(details);
  }

  /** Kind of difference. */
  public enum Kind {
    /** It does not run yet. */
    ADDED,
    /** Its folder is gone. */
    REMOVED,
    /** Its module or settings are others. */
    CHANGED,
    /** None. */
    UNCHANGED,
    /** Its files are wrong now; what runs goes on. */
    INVALID;

    /** The name as JSON writes it. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
