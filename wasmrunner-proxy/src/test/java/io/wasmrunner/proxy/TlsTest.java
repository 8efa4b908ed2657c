package io.wasmrunner.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wasmrunner.model.WasmrunnerException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsTest {
  @TempDir private Path folder;

  @Test
  void guestsReachTheEntryPointWithoutTls() throws Exception {
    TlsFiles files = TestingCertificate.make(folder, "guests").writeTo(folder);
    try (TestingProxy proxy = TestingProxy.start(options -> options.withTls(files))) {
      proxy.runner("echo", request -> request.response().end("echo"));
      InetSocketAddress guests =
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), proxy.proxy().guestBase().orElseThrow().getPort());

      assertThat(proxy.proxy().entryPoint().getScheme()).isEqualTo("https");
      assertThat(proxy.owned(new RawClient(guests)).get("/echo").text()).isEqualTo("echo");
      assertThat(proxy.owned(new RawClient(guests)).get("/health").text())
          .startsWith("management GET /health");
    }
  }

  @Test
  void withoutTlsThereIsNoDoorOfTheirOwn() {
    try (TestingProxy proxy = TestingProxy.start()) {
      assertThat(proxy.proxy().guestBase()).isEmpty();
    }
  }

  @Test
  void cleartextAtTheTlsPortGetsNoAnswer() throws Exception {
    TlsFiles files = TestingCertificate.make(folder, "clear").writeTo(folder);
    try (TestingProxy proxy = TestingProxy.start(options -> options.withTls(files))) {
      RawClient client = proxy.connect();
      client.sendHead("GET /health HTTP/1.1", "Host: a");

      assertThat(new String(client.readRest(), UTF_8)).doesNotContain("management");
    }
  }

  @Test
  void filesThatAreNoneAreExplained() throws Exception {
    TlsFiles files = TestingCertificate.make(folder, "broken").writeTo(folder);
    Files.writeString(files.key(), "no key");

    assertThatThrownBy(() -> TestingProxy.start(options -> options.withTls(files)))
        .isInstanceOfSatisfying(
            WasmrunnerException.class, failure -> assertThat(failure.code()).isEqualTo("WR-3004"));
  }
}
