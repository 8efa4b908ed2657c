package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wasmrunner.launcher.Configuration.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ListenAddressTest {
  @Test
  void loopbackNeedsNothing() {
    ListenAddress address = ListenAddress.of(configuration("127.0.0.1", false));

    assertThat(address.loopback()).isTrue();
    assertThat(address.guestBaseUrl(5)).isEqualTo("http://127.0.0.1:5");
  }

  @Test
  void anAddressThatOthersReachNeedsTheFlag() {
    assertThatThrownBy(() -> ListenAddress.of(configuration("0.0.0.0", false)))
        .hasMessageContaining("0.0.0.0 can be reached by others");
  }

  @Test
  void behindAWildcardGuestsUseLoopback() {
    ListenAddress address = ListenAddress.of(configuration("0.0.0.0", true));

    assertThat(address.guestBaseUrl(5)).isEqualTo("http://127.0.0.1:5");
  }

  @Test
  void anIpv6AddressIsBracketed() {
    ListenAddress address = ListenAddress.of(configuration("::1", false));

    assertThat(address.hostNames()).contains("[::1]", "localhost");
    assertThat(address.guestBaseUrl(5)).isEqualTo("http://[::1]:5");
  }

  private static Configuration configuration(String host, boolean insecure) {
    return new Configuration(
        Map.of(
            Setting.HOST, new Value(host, "flag"),
            Setting.INSECURE_BIND, new Value(Boolean.toString(insecure), "flag")));
  }
}
