package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class BlockPoolTest {
  private final BlockPool pool = new BlockPool();

  @Test
  void givesAZeroedBlockThatFits() {
    ByteBuffer block = ByteBuffer.allocateDirect(200_000);
    for (int i = 0; i < block.capacity(); i++) {
      block.put(i, (byte) 1);
    }
    pool.give(block);
    assertThat(pool.take(200_001)).isNull();
    assertThat(pool.take(100_000)).isNull();
    ByteBuffer taken = pool.take(150_000);
    assertThat(taken).isSameAs(block);
    for (int i = 0; i < 150_000; i++) {
      assertThat(taken.get(i)).isZero();
    }
    assertThat(pool.take(150_000)).isNull();
  }

  @Test
  void prefersTheSmallestAndKeepsSeveralOfOneSize() {
    pool.give(ByteBuffer.allocateDirect(300));
    pool.give(ByteBuffer.allocateDirect(200));
    pool.give(ByteBuffer.allocateDirect(200));
    assertThat(pool.take(160).capacity()).isEqualTo(200);
    assertThat(pool.take(160).capacity()).isEqualTo(200);
    assertThat(pool.take(160).capacity()).isEqualTo(300);
    assertThat(pool.take(160)).isNull();
  }

  @Test
  void keepsNoMoreThanItsLimit() {
    ByteBuffer half = ByteBuffer.allocateDirect(100 << 20);
    pool.give(half.slice());
    pool.give(half.slice());
    pool.give(half.slice());
    assertThat(pool.take(100 << 20)).isNotNull();
    assertThat(pool.take(100 << 20)).isNotNull();
    assertThat(pool.take(100 << 20)).isNull();
    pool.give(half.slice());
    assertThat(pool.clear()).isTrue();
    assertThat(pool.clear()).isFalse();
  }
}
