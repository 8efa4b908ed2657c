package io.wasmrunner.wasi;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.InterpreterMachine;
import run.endive.runtime.MStack;
import run.endive.runtime.StackFrame;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.types.FunctionType;

/**
 * The interpreter, with a bound on the Java heap that its calls take, telling of a trap which
 * functions led to it, as compiled code does.
 */
final class GuestInterpreter extends InterpreterMachine {
  private final InterpretedFrames bound;
  private final List<StackTraceElement> frames = new ArrayList<>();
  private @Nullable WasmEngineException trap;

  GuestInterpreter(Instance instance) {
    super(instance);
    this.bound = new InterpretedFrames(instance);
  }

  @Override
  public long[] call(int function, long[] args) {
    try {
      return super.call(function, args);
    } catch (WasmEngineException e) {
      if (e == trap) {
        e.setStackTrace(frames.toArray(StackTraceElement[]::new));
      }
      throw e;
    }
  }

  @Override
  protected long @Nullable [] call(
      MStack stack,
      Instance instance,
      Deque<StackFrame> callStack,
      int function,
      long[] args,
      Object @Nullable [] refs,
      @Nullable FunctionType type,
      boolean popResults) {
    int cost = bound.enter(function, stack);
    try {
      return super.call(stack, instance, callStack, function, args, refs, type, popResults);
    } catch (WasmEngineException e) {
      if (e != trap) {
        trap = e;
        frames.clear();
      }
      if (frames.size() < Backtrace.MAX_FRAMES) {
        frames.add(Backtrace.frame(function));
      }
      throw e;
    } finally {
      bound.leave(cost);
    }
  }
}
