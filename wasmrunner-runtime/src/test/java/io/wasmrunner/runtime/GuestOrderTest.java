package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.Capabilities;
import io.wasmrunner.model.PreopenDefinition;
import io.wasmrunner.model.RunnerAddress;
import io.wasmrunner.model.RunnerId;
import io.wasmrunner.model.RunnerLimits;
import io.wasmrunner.spi.RunnerSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GuestOrderTest {
  private static GuestOrder order(Optional<Capabilities> capabilities) {
    return new GuestOrder(
        new RunnerSpec(
            new RunnerId("shop", 3),
            Path.of("/srv/a b/shop.wasm"),
            new RunnerAddress("::1", 15003),
            Map.of("KEY", "välue \" \n"),
            5L << 30,
            capabilities,
            new RunnerLimits(0.5, 64, 100)),
        "sha256:00ff",
        Map.of("javax.net.ssl.trustStorePassword", "secret"),
        Path.of("/data/cache"),
        "127.0.0.1",
        true);
  }

  @Test
  void aChildTrustsWhomWeTrustAndItsPasswordIsShownNowhere() {
    String password = "javax.net.ssl.trustStorePassword";
    String before = System.getProperty(password);
    System.setProperty(password, "hidden");
    try {
      assertThat(GuestOrder.ownProperties()).containsEntry(password, "hidden");
    } finally {
      if (before == null) {
        System.clearProperty(password);
      } else {
        System.setProperty(password, before);
      }
    }
    assertThat(order(Optional.empty()).toString()).doesNotContain("secret");
  }

  @Test
  void nothingOfItIsLostOnTheWay() {
    Capabilities block =
        new Capabilities(
            List.of("*.example.com:443"),
            List.of(8125),
            List.of(new PreopenDefinition(Path.of("/srv/files"), "/files", true)),
            Optional.of(Path.of("/srv/ca.pem")));
    for (GuestOrder order : List.of(order(Optional.empty()), order(Optional.of(block)))) {
      assertThat(GuestOrder.of(order.toBytes())).isEqualTo(order);
    }
  }
}
