package io.wasmrunner.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may know whom (docs/ARCHITECTURE.md). */
final class ArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.wasmrunner");

  @Test
  void everyModuleIsSeen() {
    for (String part :
        new String[] {
          "spi", "model", "bus", "eventbus", "wasi", "runtime", "proxy", "scheduler", "dashboard"
        }) {
      assertThat(OURS.stream().anyMatch(c -> c.getPackageName().equals("io.wasmrunner." + part)))
          .as(part)
          .isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "runtime, proxy scheduler dashboard launcher",
    "proxy, runtime scheduler dashboard launcher wasi",
    "scheduler, runtime proxy dashboard launcher wasi",
    "dashboard, runtime proxy scheduler launcher wasi",
    "wasi, runtime proxy scheduler dashboard launcher eventbus bus model spi",
    "eventbus, runtime proxy scheduler dashboard launcher wasi spi"
  })
  void partsDoNotKnowEachOther(String part, String strangers) {
    String[] forbidden = strangers.split(" ");
    for (int i = 0; i < forbidden.length; i++) {
      forbidden[i] = "io.wasmrunner." + forbidden[i] + "..";
    }
    noClasses()
        .that()
        .resideInAPackage("io.wasmrunner." + part + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .check(OURS);
  }

  @Test
  void theApiKnowsOnlyTheJdk() {
    classes()
        .that()
        .resideInAnyPackage("io.wasmrunner.model..", "io.wasmrunner.bus..", "io.wasmrunner.spi..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "io.wasmrunner.model..",
            "io.wasmrunner.bus..",
            "io.wasmrunner.spi..")
        .check(OURS);
  }

  @ParameterizedTest
  @CsvSource({"balancing, resilience", "resilience, balancing"})
  void strategiesAndResilienceAreArithmetic(String part, String other) {
    noClasses()
        .that()
        .resideInAPackage("io.wasmrunner.proxy." + part + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.wasmrunner.proxy",
            "io.wasmrunner.proxy." + other + "..",
            "io.wasmrunner.eventbus..",
            "io.vertx..",
            "io.netty..")
        .check(OURS);
  }

  @Test
  void theEngineKnowsNoVertx() {
    noClasses()
        .that()
        .resideInAPackage("io.wasmrunner.wasi..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.netty..")
        .check(OURS);
  }

  @Test
  void onlyTheRuntimeKnowsTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.wasmrunner.wasi..", "io.wasmrunner.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.wasmrunner.wasi..", "run.endive..")
        .check(OURS);
  }

  @Test
  void theClockIsInjected() {
    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .check(OURS);
  }
}
