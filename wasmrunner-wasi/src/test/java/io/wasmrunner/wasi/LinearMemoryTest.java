package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import run.endive.runtime.WasmRuntimeException;

/**
 * Both kinds of memory keep every access inside, also where they have grown and when they are gone.
 */
final class LinearMemoryTest {
  private static final int PAGE = GuestMemory.PAGE_BYTES;

  private final MemoryBudget budget = new MemoryBudget(64L * PAGE);
  private LinearMemory memory;

  enum Kind {
    RAW,
    BUFFER
  }

  /** An access of so many bytes. */
  private record Access(int bytes, BiConsumer<LinearMemory, Integer> at) {}

  private static final List<Access> ALL =
      List.of(
          new Access(1, LinearMemory::read),
          new Access(2, LinearMemory::readShort),
          new Access(2, LinearMemory::readU16),
          new Access(4, LinearMemory::readInt),
          new Access(4, LinearMemory::readFloat),
          new Access(4, LinearMemory::readF32),
          new Access(8, LinearMemory::readLong),
          new Access(8, LinearMemory::readDouble),
          new Access(8, LinearMemory::readF64),
          new Access(1, (memory, at) -> memory.writeByte(at, (byte) 1)),
          new Access(2, (memory, at) -> memory.writeShort(at, (short) 1)),
          new Access(4, (memory, at) -> memory.writeI32(at, 1)),
          new Access(4, (memory, at) -> memory.writeF32(at, 1)),
          new Access(8, (memory, at) -> memory.writeLong(at, 1)),
          new Access(8, (memory, at) -> memory.writeF64(at, 1)));

  @AfterEach
  void release() {
    if (memory != null) {
      memory.release();
    }
  }

  @Test
  void thisProcessHasTheFastKind() {
    assertThat(RawAccess.AVAILABLE).isTrue();
    assertThat(allocate(1)).isInstanceOf(RawLinearMemory.class);
  }

  @ParameterizedTest
  @EnumSource
  void everyAccessIsInsideOrATrap(Kind kind) {
    make(kind, 1);
    bounds(PAGE);
    assertThat(memory.grow(2)).isEqualTo(1);
    bounds(3 * PAGE);
    assertThat(memory.grow(1)).isEqualTo(3);
    bounds(4 * PAGE);
  }

  @ParameterizedTest
  @EnumSource
  void aMemoryWithoutPagesHasNoAddress(Kind kind) {
    make(kind, 0);
    bounds(0);
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsReachedThroughAMemoryThatIsGone(Kind kind) {
    make(kind, 2);
    memory.writeLong(8, 1);
    memory.release();
    bounds(0);
    assertThat(budget.used()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void whatWasWrittenIsReadInEveryForm(Kind kind) {
    make(kind, 1);
    Random random = new Random(4);
    for (int i = 0; i < 1000; i++) {
      int at = random.nextInt(PAGE - 8); // aligned or not
      long bits = random.nextLong();
      memory.writeLong(at, bits);
      assertThat(memory.readLong(at)).isEqualTo(bits).isEqualTo(memory.readF64(at));
      assertThat(memory.readInt(at)).isEqualTo((int) bits);
      assertThat((int) memory.readF32(at)).isEqualTo((int) bits);
      assertThat(memory.readShort(at + 2)).isEqualTo((short) (bits >> 16));
      assertThat(memory.readU16(at + 6)).isEqualTo(bits >>> 48);
      assertThat(memory.read(at + 7)).isEqualTo((byte) (bits >> 56));
      memory.writeI32(at, 5);
      memory.writeShort(at + 4, (short) 6);
      memory.writeByte(at + 6, (byte) 7);
      memory.writeByte(at + 7, (byte) 8);
      assertThat(memory.readLong(at)).isEqualTo(0x08_07_0006_00000005L);
      memory.writeF32(at, 0.1f);
      assertThat(memory.readFloat(at)).isEqualTo(0.1f);
      memory.writeF64(at, 0.1);
      assertThat(memory.readDouble(at)).isEqualTo(0.1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theHostSeesTheSameBytes(Kind kind) {
    make(kind, 1);
    memory.writeI32(100, 0x04030201);
    assertThat(memory.grow(10)).isEqualTo(1);
    assertThat(memory.bytes(100, 4)).containsExactly(1, 2, 3, 4);
    memory.putI64(200, 9);
    assertThat(memory.readLong(200)).isEqualTo(9);
  }

  private void bounds(int size) {
    for (Access access : ALL) {
      int last = size - access.bytes;
      if (last >= 0) {
        access.at.accept(memory, last);
        access.at.accept(memory, 0);
      }
      for (int outside :
          new int[] {
            Math.max(0, last + 1), size, size + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, -8
          }) {
        assertThatThrownBy(() -> access.at.accept(memory, outside))
            .as("%d bytes at %d of %d", access.bytes, outside, size)
            .isInstanceOf(WasmRuntimeException.class)
            .hasMessageContaining("out of bounds memory access");
      }
    }
  }

  private LinearMemory allocate(int pages) {
    assertThat(budget.tryReserve((long) pages * PAGE)).isTrue();
    memory = LinearMemory.allocate(pages, 64, false, budget, () -> 0);
    return memory;
  }

  private void make(Kind kind, int pages) {
    assertThat(budget.tryReserve((long) pages * PAGE)).isTrue();
    memory =
        kind == Kind.RAW
            ? new RawLinearMemory(pages, 64, false, budget, () -> 0)
            : new BufferLinearMemory(pages, 64, false, budget, () -> 0);
  }
}
