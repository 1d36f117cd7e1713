package io.ratatoskr.router;

import io.ratatoskr.schemas.InferenceError;
import io.ratatoskr.schemas.Lane;
import io.ratatoskr.settings.InvalidSettingException;
import io.ratatoskr.settings.RawValue;
import io.ratatoskr.settings.Section;
import io.ratatoskr.settings.Setting;
import io.ratatoskr.settings.Values;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The limits at which requests are refused before they become work, so that nothing grows but the
 * log of what is accepted.
 *
 * @param tenants most interactive flights open at once of the tenants with a limit of their own, by
 *     name; 0 for no limit
 * @param otherTenants the same of each other tenant
 * @param interactiveWait longest that the oldest work of a pool may wait in the interactive lane;
 *     zero for no limit
 * @param bulkWait the same in the bulk lane
 */
public record AdmissionLimits(
    Map<String, Integer> tenants, int otherTenants, Duration interactiveWait, Duration bulkWait) {
  private static final int MOST = 1_000_000;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int STEPS = 100;

  static final Setting<String> TENANT =
      Setting.text(
          "tenants.name",
          "",
          "1 to 100 characters",
          name -> name.length() <= 100,
          "The tenant, as the header `tenant` of its requests names it; must be given.");
  static final Setting<Integer> IN_FLIGHT =
      Setting.integer(
          "tenants.in-flight",
          0,
          0,
          MOST,
          "Inferences of its interactive requests that may be in flight at once; 0 for no limit.");
  static final Setting<Integer> OTHERS_IN_FLIGHT =
      Setting.integer(
          "limits.tenant-in-flight",
          0,
          0,
          MOST,
          "Inferences of interactive requests that each tenant may have in flight at once, where"
              + " `[[tenants]]` says nothing of it; 0 for no limit. Beyond it requests are refused"
              + " with `RateLimited`.");
  static final Setting<Duration> INTERACTIVE_WAIT =
      Setting.duration(
          "limits.interactive-wait",
          Duration.ofSeconds(60),
          Duration.ZERO,
          Duration.ofDays(1),
          "How long the oldest work of a pool may wait in the interactive lane, until further"
              + " requests for it are refused with `Overloaded`; 0 for no limit.");
  static final Setting<Duration> BULK_WAIT =
      Setting.duration(
          "limits.bulk-wait",
          Duration.ofHours(12),
          Duration.ZERO,
          Duration.ofDays(30),
          "The same in the bulk lane.");

  /** The tenants with limits of their own. */
  public static final Section TENANTS =
      new Section(
          "tenants",
          "Tenants with limits of their own, for the router. A tenant is a label that senders give"
              + " their requests.",
          List.of(TENANT, IN_FLIGHT),
          new Section.Repetition(
              List.of(),
              Map.of(
                  "tenants.name", new RawValue.Text("acme"),
                  "tenants.in-flight", new RawValue.Text("64"))));

  /** The keys of the section of limits: those, and then the ones of this record. */
  static List<Setting<?>> after(Setting<?>... others) {
    return Stream.concat(
            Stream.of(others), Stream.<Setting<?>>of(OTHERS_IN_FLIGHT, INTERACTIVE_WAIT, BULK_WAIT))
        .toList();
  }

  public AdmissionLimits {
    tenants = Map.copyOf(tenants);
    tenants.forEach((name, most) -> {
      if (name.isBlank()) {
        throw new InvalidSettingException(TENANT.key(), "must name the tenant");
      }
      IN_FLIGHT.check(most);
    });
    OTHERS_IN_FLIGHT.check(otherTenants);
    INTERACTIVE_WAIT.check(interactiveWait);
    BULK_WAIT.check(bulkWait);
  }

  static AdmissionLimits of(Values values) {
    return new AdmissionLimits(
        values.entries(TENANTS).stream()
            .collect(Collectors.toMap(TENANT::of, IN_FLIGHT::of, (first, second) -> second)),
        OTHERS_IN_FLIGHT.of(values),
        INTERACTIVE_WAIT.of(values),
        BULK_WAIT.of(values));
  }

  private Duration longestWait(Lane lane) {
    return switch (lane) {
      case INTERACTIVE -> interactiveWait;
      case BULK -> bulkWait;
    };
  }

  /** How exactly the time of waiting work has to be known, in milliseconds. */
  long stepMs(Lane lane) {
    return Math.max(100, longestWait(lane).toMillis() / STEPS);
  }

  /** Whether that tenant's requests of that lane are limited. */
  boolean limits(Lane lane, String tenant) {
    return lane == Lane.INTERACTIVE && most(tenant) > 0;
  }

  private int most(String tenant) {
    return tenants.getOrDefault(tenant, otherTenants);
  }

  /**
   * Why a tenant may not have one more inference in flight, if it may not: a process takes as large
   * a part of the limit as it has of the partitions.
   *
   * @param open open flights of the tenant in this process
   * @param tasks partitions that this process has
   * @param partitions partitions in all, 1 or more
   */
  @Nullable InferenceError overCap(String tenant, int open, int tasks, int partitions) {
    int most = most(tenant);
    int share = (int) Math.max(1, Math.ceilDiv((long) most * tasks, (long) partitions));
    if (most == 0 || open < share) {
      return null;
    }
    return InferenceError.rateLimited(
            "tenant '%s' has %d requests in flight here, and may have %d of %d in all; ask again"
                    .formatted(tenant, open, share, most)
                + " when some are answered")
        .after(RETRY_AFTER);
  }

  /**
   * Why a pool may not get more work, if it may not.
   *
   * @param since when its oldest waiting work was sent, in epoch milliseconds
   */
  @Nullable InferenceError overload(Lane lane, String pool, OptionalLong since, long now) {
    long limit = longestWait(lane).toMillis();
    if (limit == 0 || since.isEmpty() || now - since.getAsLong() <= limit) {
      return null;
    }
    return InferenceError.overloaded(
            "work of pool '%s' waits for %d ms, more than %d; ask again later, or add workers"
                .formatted(pool, now - since.getAsLong(), limit))
        .after(Duration.ofMillis(Math.max(1_000, limit / 10)));
  }
}
