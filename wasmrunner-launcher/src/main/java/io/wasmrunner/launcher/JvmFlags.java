package io.wasmrunner.launcher;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which flags of the JVM somebody has set. */
final class JvmFlags {
  private static final Set<VMOption.Origin> OF_THE_JVM =
      Set.of(VMOption.Origin.DEFAULT, VMOption.Origin.ERGONOMIC);

  private final Predicate<String> chosen;

  private JvmFlags(Predicate<String> chosen) {
    this.chosen = chosen;
  }

  /** Those of this process. */
  static JvmFlags here() {
    @Nullable HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    return new JvmFlags(
        name ->
            option(jvm, name)
                .filter(option -> !OF_THE_JVM.contains(option.getOrigin()))
                .isPresent());
  }

  /** As if somebody had set these. */
  static JvmFlags of(Set<String> names) {
    return new JvmFlags(names::contains);
  }

  /** Whether somebody set it, on the command line, in a variable or in a file. */
  boolean chosen(String name) {
    return chosen.test(name);
  }

  /** Whether somebody set one of them. */
  boolean anyChosen(List<String> names) {
    return names.stream().anyMatch(chosen);
  }

  private static Optional<VMOption> option(@Nullable HotSpotDiagnosticMXBean jvm, String name) {
    if (jvm == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(jvm.getVMOption(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // this JVM does not have it
    }
  }
}
