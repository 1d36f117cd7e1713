package io.ratatoskr.onnxworker;

import io.ratatoskr.onnx.Device;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configured choice of the device for models.
 *
 * @param named a device; empty stands for the first GPU where one can be used, else the CPU
 */
public record DeviceChoice(Optional<Device> named) {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceChoice.class);
  private static final String AUTO = "auto";

  /** The texts that {@link #of} takes. */
  static final String ALLOWED = "cpu, cuda:N (the GPU of that number) or auto";

  /**
   * Reads {@code cpu}, {@code cuda:N} or {@code auto}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static DeviceChoice of(String text) {
    return new DeviceChoice(text.equals(AUTO) ? Optional.empty() : Optional.of(Device.parse(text)));
  }

  /** The device; says in the log which one {@code auto} is. */
  Device device() {
    return named.orElseGet(() -> {
      Device best = Device.best();
      LOG.info("{} = auto runs models on {}", ModelsConfig.DEVICE.key(), best);
      return best;
    });
  }

  @Override
  public String toString() {
    return named.map(Device::toString).orElse(AUTO);
  }
}
