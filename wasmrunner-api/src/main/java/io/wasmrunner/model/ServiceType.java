package io.wasmrunner.model;

import java.util.Locale;
import java.util.Optional;

/** Role of a service in an integration; groups the dashboard. */
public enum ServiceType {
  /** Back end for one front end. */
  BFF,
  /** Business logic. */
  BUSINESS,
  /** Talks to one outside system. */
  ADAPTER;

  /** The name as service.json writes it: {@code bff}, {@code business}, {@code adapter}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type with this key, if there is one; lower case only. */
  public static Optional<ServiceType> ofKey(String key) {
    for (ServiceType type : values()) {
      if (type.key().equals(key)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
