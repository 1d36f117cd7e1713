package io.ratatoskr.onnx;

/**
 * The configuration of a model's inference.
 *
 * @param device that the model runs on
 * @param callers threads of each lane that run batches at the same time, 1 to 1024
 * @param threads threads inside one inference ("intra-op"), 1 to 1024
 * @param batchTokens most tokens of one batch, padding included; a longer text runs alone. Small
 *     batches keep the working set in the caches and pad little. A bulk batch is cut smaller where
 *     it would compute for more than 100 ms, or 50 ms while interactive requests come; 1 runs every
 *     text alone, which makes an int8 model's vectors independent of their neighbours
 */
public record InferenceConfig(Device device, int callers, int threads, int batchTokens) {
  private static final int MOST_THREADS = 1024;

  /**
   * Texts per second of CPU time, one single-threaded caller on a busy two-core machine, median of
   * three rounds, at 1, 128, 256, 384, 768 tokens a batch. MiniLM int8: 118, 128, 133, 128, 110 (57
   * tokens a text) and 341, 508, 546, 536, 500 (15 tokens); fp32: 56, 61, 58, 58, 49 and 142, 224,
   * 227, 226, 217. Differences of 5 % are noise: 128 to 384 are alike.
   */
  private static final int CPU_BATCH_TOKENS = 256;

  private static final int CUDA_BATCH_TOKENS = 16_384;

  public InferenceConfig {
    requireThreads("onnx.callers", callers);
    requireThreads("onnx.threads", threads);
    if (batchTokens < 1) {
      throw new IllegalArgumentException("onnx.batch-tokens: 1 or more, not " + batchTokens + ".");
    }
  }

  private static void requireThreads(String key, int threads) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "%s: 1 to %d, not %d.".formatted(key, MOST_THREADS, threads));
    }
  }

  /** The settings that suit a device: on a CPU one single-threaded caller a core. */
  public static InferenceConfig defaults(Device device) {
    return switch (device) {
      case Device.Cpu cpu ->
          new InferenceConfig(cpu, Runtime.getRuntime().availableProcessors(), 1, CPU_BATCH_TOKENS);
      case Device.Cuda cuda -> new InferenceConfig(cuda, 2, 1, CUDA_BATCH_TOKENS);
    };
  }

  /** The settings for the CPU of this machine. */
  public static InferenceConfig defaults() {
    return defaults(new Device.Cpu());
  }
}
