package io.wasmrunner.wasi;

import java.util.List;
import run.endive.runtime.Instance;
import run.endive.runtime.MStack;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.OpCode;

/**
 * What the calls of interpreted functions take of the Java heap: a frame may hold 50,000 locals,
 * and the thread's stack, which has none of them, ends the recursion far too late. Beyond the bound
 * the guest's stack is exhausted.
 */
final class InterpretedFrames {
  /** For one guest. */
  static final long MAX_BYTES = 16L << 20;

  private static final int FRAME_BYTES = 256;
  private static final int LOCAL_BYTES = 20;
  private static final int BLOCK_BYTES = 40;
  private static final int OPERAND_BYTES = 16;

  private static final List<OpCode> TAIL_CALLS =
      List.of(OpCode.RETURN_CALL, OpCode.RETURN_CALL_INDIRECT, OpCode.RETURN_CALL_REF);

  private final Instance instance;
  private final int[] costs;
  private int largest;
  private long used;

  InterpretedFrames(Instance instance) {
    this.instance = instance;
    this.costs = new int[instance.functionCount()];
  }

  /** A call begins; returns what {@link #leave} gives back. */
  int enter(int function, MStack operands) {
    int cost = cost(function);
    if (used + cost + (long) operands.array().length * OPERAND_BYTES > MAX_BYTES) {
      throw new WasmEngineException("call stack exhausted", new StackOverflowError());
    }
    used += cost;
    return cost;
  }

  void leave(int cost) {
    used -= cost;
  }

  private int cost(int function) {
    if (costs[function] == 0) {
      FunctionBody body = instance.function(function);
      costs[function] = body == null ? FRAME_BYTES : cost(function, body);
    }
    return costs[function];
  }

  private int cost(int function, FunctionBody body) {
    int depth = 0;
    for (AnnotatedInstruction instruction : body.instructions()) {
      if (TAIL_CALLS.contains(instruction.opcode())) {
        return anyFunction(); // whose frame takes the place of this one
      }
      depth = Math.max(depth, instruction.depth());
    }
    return bytes(function, body, depth);
  }

  private int anyFunction() {
    if (largest == 0) {
      for (int i = 0; i < costs.length; i++) {
        FunctionBody body = instance.function(i);
        if (body != null) {
          int depth =
              body.instructions().stream().mapToInt(AnnotatedInstruction::depth).max().orElse(0);
          largest = Math.max(largest, bytes(i, body, depth));
        }
      }
    }
    return largest;
  }

  private int bytes(int function, FunctionBody body, int depth) {
    int locals =
        instance.type(instance.functionType(function)).params().size() + body.localTypes().size();
    return FRAME_BYTES + locals * LOCAL_BYTES + depth * BLOCK_BYTES;
  }
}
