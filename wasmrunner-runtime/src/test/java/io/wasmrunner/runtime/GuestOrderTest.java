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
        Path.of("/data/cache"),
        "127.0.0.1",
        true);
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
