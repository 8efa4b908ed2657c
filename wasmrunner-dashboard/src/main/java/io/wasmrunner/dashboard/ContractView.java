package io.wasmrunner.dashboard;

import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.ContractReport.Finding;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where traffic and openapi.json differ, ready to be shown. */
record ContractView(
    String css, @Nullable String problem, int differences, List<Difference> shown, long omitted) {
  private static final int SHOWN = 20;

  /** One difference. */
  record Difference(
      String key,
      String method,
      String path,
      @Nullable String status,
      @Nullable String place,
      String expected,
      String count,
      When lastAt) {
    static Difference of(Finding finding, Figures figures) {
      return new Difference(
          "contract." + finding.kind().name().toLowerCase(Locale.ROOT),
          finding.method(),
          finding.path(),
          finding.status() == 0 ? null : String.valueOf(finding.status()),
          finding.place().isEmpty() ? null : finding.place(),
          finding.expected(),
          figures.count(finding.count()),
          figures.when(finding.lastAt()));
    }
  }

  /** The view; null when there is nothing to say. */
  static @Nullable ContractView of(@Nullable ContractReport report, Figures figures) {
    if (report == null || (report.problem().isEmpty() && report.findings().isEmpty())) {
      return null;
    }
    List<Finding> findings = report.findings();
    return new ContractView(
        Tone.WARN.css(),
        report.problem().orElse(null),
        findings.size(),
        findings.stream().limit(SHOWN).map(each -> Difference.of(each, figures)).toList(),
        Math.max(0, findings.size() - SHOWN) + report.omitted());
  }
}
