package io.wasmrunner.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DomainViewTest {
  @ParameterizedTest
  @CsvSource({
    "atencion,Atencion",
    "atencion_cliente,Atencion Cliente",
    "atencion-cliente,Atencion Cliente",
    "atencionCliente,Atencion Cliente",
    "a__b--c,A B C",
    "already Words,Already Words"
  })
  void writesDomainsInWords(String domain, String words) {
    assertThat(DomainView.inWords(domain)).isEqualTo(words);
  }
}
