package io.wasmrunner.dashboard;

import io.wasmrunner.model.CapabilityStatus;
import io.wasmrunner.model.CapabilityStatus.Denial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a service may reach, and the block to paste, ready to be shown. */
record CapabilitiesView(
    String key,
    String advice,
    String css,
    @Nullable String suggestion,
    int refused,
    List<Refusal> refusals,
    int omitted) {
  private static final int SHOWN = 20;

  /** Something that was refused. */
  record Refusal(
      String key, String target, String count, When lastAt, String reason, @Nullable String add) {
    static Refusal of(Denial denial, Figures figures) {
      return new Refusal(
          "capabilities." + denial.operation(),
          denial.target(),
          figures.count(denial.count()),
          figures.when(denial.lastAt()),
          denial.reason(),
          denial.add().orElse(null));
    }
  }

  static CapabilitiesView of(CapabilityStatus status, Figures figures) {
    List<Denial> denied = status.denied();
    return new CapabilitiesView(
        status.restricted() ? "capabilities.restricted" : "capabilities.unrestricted",
        advice(status),
        (denied.isEmpty() ? Tone.CALM : Tone.WARN).css(),
        status.suggestion().isEmpty() ? null : status.suggestion(),
        denied.size(),
        denied.stream().limit(SHOWN).map(denial -> Refusal.of(denial, figures)).toList(),
        Math.max(0, denied.size() - SHOWN));
  }

  private static String advice(CapabilityStatus status) {
    if (status.suggestion().isEmpty()) {
      return "capabilities.unseenAdvice";
    }
    return status.restricted()
        ? "capabilities.restrictedAdvice"
        : "capabilities.unrestrictedAdvice";
  }
}
