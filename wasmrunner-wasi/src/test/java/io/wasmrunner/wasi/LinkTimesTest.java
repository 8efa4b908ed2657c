package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LinkTimesTest {
  private final LinkTimes times = new LinkTimes();

  private static FileStat link(long inode, long accessed, long modified) {
    return new FileStat(1, inode, Descriptor.SYMBOLIC_LINK, 1, 4, accessed, modified, 0);
  }

  private void set(FileStat stored, long accessed, long modified) {
    times.set(stored, new FileTimes(Optional.of(accessed), Optional.of(modified)));
  }

  @Test
  void givesBackWhatTheSystemRounded() {
    set(link(1, 5000, 7000), 5123, 7456);
    assertThat(times.exact(link(1, 5000, 7000))).isEqualTo(link(1, 5123, 7456));
    assertThat(times.exact(link(2, 5000, 7000))).isEqualTo(link(2, 5000, 7000));
  }

  @Test
  void believesTheSystemWhenOthersSetTheTimesSince() {
    set(link(1, 5000, 7000), 5123, 7456);
    assertThat(times.exact(link(1, 5000, 9000))).isEqualTo(link(1, 5123, 9000));
    set(link(1, 1, 2), 1, 2);
    assertThat(times.exact(link(1, 5000, 7000))).isEqualTo(link(1, 5000, 7000));
  }

  @Test
  void remembersALimitedNumber() {
    for (int i = 0; i <= LinkTimes.MAX; i++) {
      set(link(i, 0, 1000), 0, 1001);
    }
    assertThat(times.exact(link(0, 0, 1000)).modified()).isEqualTo(1000);
    assertThat(times.exact(link(1, 0, 1000)).modified()).isEqualTo(1001);
  }
}
