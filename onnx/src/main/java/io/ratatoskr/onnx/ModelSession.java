package io.ratatoskr.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * A graph loaded into the runtime, with its checked signature. Safe for many threads, each with a
 * {@link BatchRunner} of its own.
 */
final class ModelSession implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Signature signature;

  private ModelSession(OrtEnvironment environment, OrtSession session, Signature signature) {
    this.environment = environment;
    this.session = session;
    this.signature = signature;
  }

  /**
   * Loads a graph.
   *
   * @param output what it is loaded for
   * @throws ModelLoadException when it is no graph, has not the inputs and outputs that are needed,
   *     or cannot run on the device
   */
  static ModelSession open(Path model, InferenceConfig config, Signature.Output output) {
    NativeLibraries.keepIn(ModelCache.standard());
    // Failures reach the caller as exceptions; the runtime need not print them as well.
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "ratatoskr");
    OrtSession session;
    try (OrtSession.SessionOptions options = options(config)) {
      session = environment.createSession(model.toString(), options);
    } catch (OrtException e) {
      throw new ModelLoadException(
          ModelLoadException.Reason.NOT_A_MODEL,
          "%s (%d bytes) is no whole ONNX model that this runtime (%s) can load: %s"
              .formatted(model, model.toFile().length(), environment.getVersion(), e.getMessage()),
          e);
    }
    try {
      return new ModelSession(environment, session, Signature.of(session, output));
    } catch (OrtException | RuntimeException e) {
      close(session, e);
      throw e instanceof ModelLoadException known
          ? known
          : new ModelLoadException(
              ModelLoadException.Reason.SIGNATURE,
              "%s: its inputs and outputs cannot be read: %s".formatted(model, e.getMessage()),
              e);
    }
  }

  private static void close(OrtSession session, Exception because) {
    try {
      session.close();
    } catch (OrtException e) {
      because.addSuppressed(e);
    }
  }

  private static OrtSession.SessionOptions options(InferenceConfig config) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    options.setIntraOpNumThreads(config.threads());
    options.setInterOpNumThreads(1);
    if (config.callers() > 1) {
      // A waiting thread that spins takes its core from another caller.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
    }
    switch (config.device()) {
      case Device.Cpu cpu -> {}
      case Device.Cuda cuda -> addCuda(options, cuda);
    }
    return options;
  }

  /** Whether the runtime has that device. */
  static boolean canUse(Device.Cuda device) {
    NativeLibraries.keepIn(ModelCache.standard());
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
        return false;
      }
      options.addCUDA(device.index());
      return true;
    } catch (OrtException e) {
      return false;
    }
  }

  private static void addCuda(OrtSession.SessionOptions options, Device.Cuda device) {
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      options.close();
      throw new ModelLoadException(
          ModelLoadException.Reason.DEVICE,
          "models.device=%s: this build has the CPU runtime, with the providers %s. Put com.microsoft.onnxruntime:onnxruntime_gpu in place of onnxruntime, or choose cpu."
              .formatted(device, OrtEnvironment.getAvailableProviders()));
    }
    try {
      options.addCUDA(device.index());
    } catch (OrtException e) {
      options.close();
      throw new ModelLoadException(
          ModelLoadException.Reason.DEVICE,
          "models.device=%s cannot be used: %s. Check the driver, CUDA and cuDNN, or choose cpu."
              .formatted(device, e.getMessage()),
          e);
    }
  }

  Signature signature() {
    return signature;
  }

  /**
   * A tensor over memory that the caller keeps until the tensor is closed.
   *
   * @param direct a direct buffer in native byte order, as many bytes as the shape needs
   * @param shape as in the graph, such as {@code [rows][padded tokens]}
   */
  OnnxTensor tensor(ByteBuffer direct, OnnxJavaType type, long... shape) throws OrtException {
    return OnnxTensor.createTensor(environment, direct, shape, type);
  }

  /**
   * Runs with an output that the caller has allocated.
   *
   * @param inputs every input of the signature, by its name
   * @param output of the shape that the run gives
   * @throws OrtException when the run fails, or gives another shape
   */
  void run(Map<String, OnnxTensor> inputs, OnnxTensor output) throws OrtException {
    session.run(inputs, Map.of(signature.output(), output)).close();
  }

  /**
   * Runs and returns the shape of the output, such as {@code [rows][padded tokens][width]}.
   *
   * @param inputs every input of the signature, by its name
   */
  long[] shapeOf(Map<String, OnnxTensor> inputs) throws OrtException {
    try (OrtSession.Result result = session.run(inputs, java.util.Set.of(signature.output()))) {
      return ((OnnxTensor) result.get(0)).getInfo().getShape();
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("The runtime cannot free a model: " + e.getMessage(), e);
    }
  }
}
