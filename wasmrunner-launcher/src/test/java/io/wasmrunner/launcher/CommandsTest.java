package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** A command line has what its arguments need, and behaves as if it had everything. */
final class CommandsTest {
  @Test
  void namesAreThoseOfTheCommands() {
    assertThat(Commands.commandLine().getSubcommands().keySet())
        .containsExactlyElementsOf(Commands.names());
  }

  @Test
  void onlyCommandsAmongTheArgumentsAreRead() {
    assertThat(subcommands()).isEmpty();
    assertThat(subcommands("--port", "0", "--print-config")).isEmpty();
    assertThat(subcommands("status", "--port", "1")).containsExactly("status");
    assertThat(subcommands("restart", "--help")).containsExactly("restart");
  }

  @Test
  void helpAndErrorsKnowAll() {
    assertThat(subcommands("--help")).containsExactlyElementsOf(Commands.names());
    assertThat(subcommands("statis")).containsExactlyElementsOf(Commands.names());
    assertThat(subcommands("--prot", "1")).containsExactlyElementsOf(Commands.names());
  }

  private static Set<String> subcommands(String... arguments) {
    return Commands.commandLine(arguments).getSubcommands().keySet();
  }
}
