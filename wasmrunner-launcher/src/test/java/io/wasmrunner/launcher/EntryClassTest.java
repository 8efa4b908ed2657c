package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.launcher.entry.Main;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

final class EntryClassTest {
  private static final int JAVA_8 = 52;

  @Test
  void anOldJavaCanLoadIt() throws IOException {
    try (InputStream code = Main.class.getResourceAsStream("Main.class");
        DataInputStream data = new DataInputStream(code)) {
      data.skipBytes(6);
      assertThat(data.readUnsignedShort()).isEqualTo(JAVA_8);
    }
  }
}
