package io.afterimage.target;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much memory ONNX Runtime may fill with the values of graphs: all sessions share one arena,
 * which hands out no more than {@link #CAP}. Parameters are not counted; the size of a model's file
 * bounds them.
 *
 * <p>A graph computes sizes from what it is given, and loops collect what they like, so that no
 * look at a file tells how much it takes. The Java binding of ONNX Runtime cannot bound the arena;
 * its C interface can, which is called here.
 */
final class RuntimeMemory {
  /** In bytes, all values of all sessions together. */
  static final long CAP = 1L << 31;

  /** Of the C interface, in which all functions used here are. */
  private static final int VERSION = 6;

  // The places of functions in the table that is the C interface: it grows at its end alone.
  private static final int ERROR_MESSAGE = 2;
  private static final int CREATE_ENVIRONMENT = 3;
  private static final int CREATE_CPU_MEMORY = 69;
  private static final int RELEASE_ENVIRONMENT = 92;
  private static final int RELEASE_MEMORY = 94;
  private static final int REGISTER_ALLOCATOR = 144;
  private static final int CREATE_ARENA = 156;
  private static final int RELEASE_ARENA = 157;

  private static final int FATAL = 4;
  private static final int ARENA_ALLOCATOR = 1;
  private static final int DEFAULT_MEMORY = 0;
  private static final int DEFAULT = -1;

  private final Pointer functions;

  private RuntimeMemory(Pointer functions) {
    this.functions = functions;
  }

  /** Whether the system's loader tells where the library is that the binding has loaded. */
  private static boolean isReachable() {
    return Platform.isLinux() || Platform.isWindows();
  }

  /** What the user should know where memory is not bounded. */
  static Optional<String> notice() {
    return isReachable()
        ? Optional.empty()
        : Optional.of("on this system nothing bounds the memory that a model takes");
  }

  /** Bounds the arena of this process; called once, when ONNX Runtime has been started. */
  static void bound() {
    if (!isReachable()) {
      return;
    }
    // Keeps JNA from starting a process that lists the system's folders of libraries.
    System.setProperty("jna.platform.library.path", "");
    Function base = NativeLibrary.getInstance(library()).getFunction("OrtGetApiBase");
    Pointer versions = (Pointer) base.invoke(Pointer.class, new Object[0]);
    Function table = Function.getFunction(versions.getPointer(0));
    new RuntimeMemory((Pointer) table.invoke(Pointer.class, new Object[] {VERSION})).register();
  }

  // By the name that it bears inside, an open library is found wherever its file lies.
  private static String library() {
    return Platform.isLinux() ? "libonnxruntime.so.1" : "onnxruntime";
  }

  private void register() {
    // The one of the process, of which the binding holds another reference.
    Pointer environment = created(CREATE_ENVIRONMENT, FATAL, "afterimage");
    Pointer memory = created(CREATE_CPU_MEMORY, ARENA_ALLOCATOR, DEFAULT_MEMORY);
    Pointer arena = created(CREATE_ARENA, CAP, DEFAULT, DEFAULT, DEFAULT);
    require(call(REGISTER_ALLOCATOR, environment, memory, arena));
    call(RELEASE_ARENA, arena);
    call(RELEASE_MEMORY, memory);
    call(RELEASE_ENVIRONMENT, environment);
  }

  /**
   * Gives back the parts of the arena that hold no value any more: it grows in parts, and a value
   * lies in one of them.
   */
  static void shrink() {
    try (OrtSession.SessionOptions options = OnnxSession.options(1);
        OrtSession session = OnnxSession.environment().createSession(idle(), options);
        OrtSession.RunOptions run = new OrtSession.RunOptions();
        OnnxTensor x = OnnxTensor.createTensor(OnnxSession.environment(), new float[1])) {
      run.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
      session.run(Map.of("x", x), run).close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime's memory cannot be given back", e);
    }
  }

  private static byte[] idle() {
    GraphBuilder graph = new GraphBuilder("idle");
    graph.input("x", ElementType.FLOAT, 1);
    graph.output(graph.node("Identity", "x").to("y"), ElementType.FLOAT, 1);
    return graph.build().bytes();
  }

  /** Calls a function that leaves a pointer where its last argument points. */
  private Pointer created(int function, Object... arguments) {
    PointerByReference result = new PointerByReference();
    Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = result;
    require(call(function, all));
    return result.getValue();
  }

  private @Nullable Pointer call(int function, Object... arguments) {
    long place = (long) function * Native.POINTER_SIZE;
    return (Pointer)
        Function.getFunction(functions.getPointer(place)).invoke(Pointer.class, arguments);
  }

  private void require(@Nullable Pointer error) {
    if (error != null) {
      Pointer message = call(ERROR_MESSAGE, error);
      throw new IllegalStateException(
          "ONNX Runtime's memory cannot be bounded: "
              + (message == null ? "no message" : message.getString(0)));
    }
  }
}
