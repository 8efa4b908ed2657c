package io.wasmrunner.launcher;

import io.wasmrunner.runtime.JitFlag;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the JVM the flags that only a start can give: the process replaces itself, once, by the
 * same command with flags added. It keeps its process id, streams, environment and arguments.
 * Whatever is in the way of that, the start goes on as it is and says what this costs.
 */
final class Relaunch {
  static final String SLOW = "WR-1020";

  /** Set in the process that has taken the place of the first. */
  static final String DONE = "io.wasmrunner.relaunched";

  /** What has opened sockets or files by now, which would stay open in the new process. */
  private static final List<String> AGENTS =
      List.of(
          "-agentlib:",
          "-agentpath:",
          "-javaagent:",
          "-Xrunjdwp",
          "-Xdebug",
          "-Dcom.sun.management");

  private final Configuration configuration;
  private final JvmFlags jvm;
  private final boolean everything;

  private Relaunch(Configuration configuration, JvmFlags jvm, boolean everything) {
    this.configuration = configuration;
    this.jvm = jvm;
    this.everything = everything;
  }

  /**
   * Replaces the process if that helps, and returns otherwise.
   *
   * @param everything whether the whole application starts, and not one module
   * @return why it was not replaced although it would have helped
   */
  static Optional<String> once(Configuration configuration, boolean everything) {
    JvmFlags jvm = JvmFlags.here();
    if (JitFlag.hugeMethodsCompiled() || jvm.chosen(JitFlag.NAME)) {
      return Optional.empty();
    }
    Relaunch relaunch = new Relaunch(configuration, jvm, everything);
    return relaunch.obstacle().or(() -> Optional.of(relaunch.replace()));
  }

  private Optional<String> obstacle() {
    int java = Runtime.version().feature();
    if (!configuration.flag(Setting.RELAUNCH)) {
      return Optional.of("launcher.relaunch is off");
    }
    if (System.getProperty(DONE) != null) {
      return Optional.of("the flag was given and is not in force");
    }
    if (java < Execv.SINCE_JAVA) {
      return Optional.of("Java " + java + " cannot add it to itself, Java 22 and newer can");
    }
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.of("the process adds it by itself only on Linux");
    }
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> AGENTS.stream().anyMatch(argument::startsWith))
        .findFirst()
        .map(agent -> "the process does not replace itself under " + agent.split("[:=]", 2)[0]);
  }

  /** Does not return but to say why it failed. */
  private String replace() {
    try {
      OwnCommand command = OwnCommand.read();
      List<String> flags = new ArrayList<>(flags());
      flags.add("-D" + DONE + "=true");
      System.out.flush();
      System.err.flush();
      Execv.run(command.program().toString(), command.with(flags));
      return "the process was not replaced";
    } catch (IOException | RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private List<String> flags() {
    Path data = configuration.path(Setting.DATA_DIR);
    DeclaredMemory declared =
        DeclaredMemory.in(
            configuration.path(Setting.SERVICES),
            configuration.number(Setting.DEFAULT_MEMORY_LIMIT_MB));
    Optional<Path> archive = everything ? StartArchive.file(jvm, data) : Optional.empty();
    return LaunchFlags.here(declared).missing(jvm, archive);
  }

  /** Says what it costs, in one line. */
  static void warn(String obstacle) {
    Logger log = LoggerFactory.getLogger(Relaunch.class);
    log.warn(
        "{}: the JVM runs without -XX:-{} ({}), so it never compiles large WebAssembly functions to"
            + " machine code: some services take several times the CPU. Start with"
            + " scripts/wasmrunner, or put the flag into the command or into JDK_JAVA_OPTIONS",
        SLOW,
        JitFlag.NAME,
        obstacle);
  }
}
