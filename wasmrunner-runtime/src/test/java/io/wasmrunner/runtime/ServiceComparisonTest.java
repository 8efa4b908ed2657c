package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code plan} and {@code reload} say has changed. */
final class ServiceComparisonTest {
  @TempDir Path folder;

  @Test
  void settingsThatMayHoldSecretsAreOnlyToldToDiffer() {
    ServiceEntry before = read("one");
    ServiceComparison comparison =
        ServiceComparison.of(before, Optional.of("sha256:00"), read("hunter2"), "sha256:00");

    assertThat(comparison.newRunners()).isTrue();
    assertThat(comparison.change().details())
        .contains("env differ", "launcher settings differ", "settings of health.probe differ")
        .noneMatch(detail -> detail.contains("hunter2"));
  }

  private ServiceEntry read(String secret) {
    TestingServices services = new TestingServices(folder);
    services.add(
        "demo",
        """
        {"prefix": "demo", "url": "http://127.0.0.1:15001", "env": {"TOKEN": "%1$s"},
         "launcher": {"name": "wasmedge", "env": {"TOKEN": "%1$s"}},
         "health": {"probe": {"name": "command", "command": ["/bin/sh"], "env": {"TOKEN": "%1$s"}}}}
        """
            .formatted(secret));
    return ServiceCatalogue.load(services.options(new RuntimePlugin()).build()).entries().get(0);
  }
}
