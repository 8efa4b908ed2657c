package io.wasmrunner.wasi;

import java.util.Deque;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.InterpreterMachine;
import run.endive.runtime.MStack;
import run.endive.runtime.StackFrame;
import run.endive.wasm.types.FunctionType;

/** The interpreter, with a bound on the Java heap that its calls take. */
final class BoundedInterpreter extends InterpreterMachine {
  private final InterpretedFrames frames;

  BoundedInterpreter(Instance instance) {
    super(instance);
    this.frames = new InterpretedFrames(instance);
  }

  @Override
  protected long @Nullable [] call(
      MStack stack,
      Instance instance,
      Deque<StackFrame> callStack,
      int function,
      long[] args,
      Object @Nullable [] refArgs,
      @Nullable FunctionType type,
      boolean popResults) {
    int cost = frames.enter(function, stack);
    try {
      return super.call(stack, instance, callStack, function, args, refArgs, type, popResults);
    } finally {
      frames.leave(cost);
    }
  }
}
