package io.ratatoskr.onnx;

/** The device that a model runs on. */
public sealed interface Device {
  /** The processor's cores. */
  record Cpu() implements Device {
    @Override
    public String toString() {
      return "cpu";
    }
  }

  /**
   * An NVIDIA GPU; needs the {@code onnxruntime_gpu} artifact in place of {@code onnxruntime}.
   *
   * @param index number of the GPU, from 0
   */
  record Cuda(int index) implements Device {
    public Cuda {
      if (index < 0) {
        throw new IllegalArgumentException("models.device: a GPU's number is 0 or more: " + index);
      }
    }

    @Override
    public String toString() {
      return "cuda:" + index;
    }
  }

  /** The first GPU where one can be used, else the CPU; looks at the machine. */
  static Device best() {
    Device.Cuda first = new Cuda(0);
    return ModelSession.canUse(first) ? first : new Cpu();
  }

  /**
   * Reads {@code cpu}, {@code cuda} (the first GPU) or {@code cuda:N}.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Device parse(String text) {
    if (text.equals("cpu")) {
      return new Cpu();
    }
    if (text.equals("cuda")) {
      return new Cuda(0);
    }
    if (text.matches("cuda:\\d{1,4}")) {
      return new Cuda(Integer.parseInt(text.substring("cuda:".length())));
    }
    throw new IllegalArgumentException(
        "models.device: must be cpu, cuda or cuda:N, not \"" + text + "\".");
  }
}
