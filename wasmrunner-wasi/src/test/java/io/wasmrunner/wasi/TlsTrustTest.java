package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsTrustTest {
  @TempDir private Path folder;

  @Test
  void takesSeveralAuthoritiesOfAFile() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("two.pem"),
            new TestingCertificates().pem() + new TestingCertificates().pem());
    assertThat(TlsTrust.withAuthorities(file).context().createSSLEngine()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"})
  void refusesAFileWithoutACertificate(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.pem"), content);
    assertThatThrownBy(() -> TlsTrust.withAuthorities(file))
        .isInstanceOf(ModuleException.class)
        .hasMessageContainingAll("WR-6020", "bad.pem", "PEM");
  }

  @Test
  void refusesAMissingFileAndOneThatIsTooLarge() throws IOException {
    assertThatThrownBy(() -> TlsTrust.withAuthorities(folder.resolve("none.pem")))
        .hasMessageContaining("WR-6020");
    Path large = Files.write(folder.resolve("large.pem"), new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> TlsTrust.withAuthorities(large)).hasMessageContaining("1 MiB");
  }
}
