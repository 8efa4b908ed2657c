package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OwnCommandTest {
  @Test
  void argumentsKeepTheirBytes() {
    byte[] odd = {'a', ' ', (byte) 0xff, '\n', (byte) 0xc3};
    byte[] all = {'j', 0, 'a', ' ', (byte) 0xff, '\n', (byte) 0xc3, 0, 0, 'x', 0};

    List<byte[]> parts = OwnCommand.split(all);

    assertThat(parts).containsExactly(new byte[] {'j'}, odd, new byte[0], new byte[] {'x'});
  }

  @Test
  void flagsComeBeforeThoseOfTheUser() {
    OwnCommand command =
        new OwnCommand(
            Path.of("/bin/java"), List.of(bytes("java"), bytes("-Xmx1g"), bytes("-jar")));

    assertThat(command.with(List.of("-A", "-B")))
        .containsExactly(bytes("java"), bytes("-A"), bytes("-B"), bytes("-Xmx1g"), bytes("-jar"));
  }

  @Test
  void aProcessThatIsMoreThanWasmrunnerIsLeftAlone() {
    assumeTrue(Files.exists(Path.of("/proc/self/cmdline")));

    assertThatThrownBy(OwnCommand::read) // this is the test's own process
        .isInstanceOf(IOException.class)
        .hasMessageContaining("part of another program");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
