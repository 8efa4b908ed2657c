package io.wasmrunner.runtime;

import io.wasmrunner.model.CapabilityStatus.Denial;

/** A refusal in one line, with the line that would allow it. */
final class DenialText {
  static final String EVENT = "capability.denied";

  private DenialText() {}

  static String of(Denial denial) {
    String verb =
        switch (denial.operation()) {
          case "resolve" -> "look up";
          case "bind" -> "listen on";
          case "read" -> "read";
          case "change" -> "change things in";
          default -> "connect to";
        };
    String often = denial.count() == 1 ? "" : " (" + denial.count() + " times so far)";
    String advice =
        denial
            .add()
            .map(line -> "; to allow it, add to service.json: " + line)
            .orElse("; nothing in service.json can allow it");
    boolean withoutPort = denial.operation().equals("resolve");
    return "was not allowed to %s %s%s: %s%s%s"
        .formatted(
            verb,
            denial.target(),
            often,
            denial.reason(),
            advice,
            withoutPort ? " (better with its port, such as \"" + denial.target() + ":443\")" : "");
  }
}
