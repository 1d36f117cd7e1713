package io.ratatoskr.router;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * The name under which a router stands in its group. The group keeps the partitions of a member
 * that has a name until its session ends, and gives them back when it returns before.
 */
final class InstanceId {
  private static final String FILE = "instance-id";

  private InstanceId() {}

  /**
   * The name as configured; else the one that the data folder holds, made when it holds none. A
   * folder serves one router at a time, so its name does too.
   *
   * @throws RouterException.BadStateFolder if the folder cannot be read or written
   */
  static String of(RouterConfig config) {
    String configured = config.streams().instanceId();
    if (!configured.isEmpty()) {
      return configured;
    }
    Path file = config.stateDir().resolve(FILE);
    try {
      if (Files.exists(file)) {
        return UUID.fromString(Files.readString(file).strip()).toString();
      }
      String made = UUID.randomUUID().toString();
      Files.createDirectories(config.stateDir());
      Path written = Files.writeString(config.stateDir().resolve(FILE + ".new"), made + "\n");
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      return made;
    } catch (IOException e) {
      throw new RouterException.BadStateFolder(
          "the data folder %s cannot be used: %s".formatted(config.stateDir(), e), e);
    } catch (IllegalArgumentException e) {
      throw new RouterException.BadStateFolder(
          file + " holds no instance id; delete it, and the router makes another", e);
    }
  }
}
