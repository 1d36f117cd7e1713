package io.ratatoskr.router.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratatoskr.policy.PoolCandidate;
import io.ratatoskr.router.flight.Flight.Backoff;
import io.ratatoskr.router.flight.Flight.Facts;
import io.ratatoskr.router.flight.Flight.Open;
import io.ratatoskr.router.flight.Flight.Queued;
import io.ratatoskr.router.flight.Flight.RecordCause;
import io.ratatoskr.router.flight.Flight.Running;
import io.ratatoskr.router.flight.Flight.Settled;
import io.ratatoskr.router.flight.Flight.State;
import io.ratatoskr.schemas.Capability;
import io.ratatoskr.schemas.Domain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OccupancyTest {
  private static final List<String> TENANTS = List.of("", "acme", "other");
  private static final List<String> POOLS = List.of("first", "second");
  private static final int STEP = 10;

  private static Flight flight(String tenant, State state) {
    Facts facts =
        new Facts(
            Capability.EMBED,
            Domain.DEFAULT,
            tenant,
            new Source("requests", 0, 1),
            POOLS.stream()
                .map(pool -> new PoolCandidate(pool, "m", 2, 1, 1, "", null, null))
                .toList(),
            false,
            null,
            null);
    return new Flight(
        1, state, facts, 100, 1, 0, 100, Map.of(), new RecordCause("requests", 1), 100);
  }

  private static Open open(int link, long dispatchedMs, Flight.Phase phase) {
    return new Open(link, 1, 1, 0, dispatchedMs, phase, List.of());
  }

  @Test
  void flight_countsWhileItIsOpen_andItsWorkWhileNobodyReports() {
    Occupancy occupancy = new Occupancy(STEP);
    Flight queued = flight("acme", open(0, 123, new Queued(1)));
    Flight runs = flight("acme", open(0, 123, new Running(1, "w", "x", 1)));
    Flight elsewhere = flight("acme", open(1, 200, new Queued(1)));
    Flight settled = flight("acme", new Settled(1, 0, 1, null, List.of()));

    occupancy.change(null, queued);
    assertThat(occupancy.open("acme")).isEqualTo(1);
    assertThat(occupancy.waitingSinceMs("first")).hasValue(120);
    occupancy.change(queued, runs);
    assertThat(occupancy.open("acme")).isEqualTo(1);
    assertThat(occupancy.waitingSinceMs("first")).isEmpty();
    occupancy.change(runs, elsewhere);
    assertThat(occupancy.waitingSinceMs("second")).hasValue(200);
    occupancy.change(elsewhere, settled);
    assertThat(occupancy.open("acme")).isZero();
    assertThat(occupancy.waitingSinceMs("second")).isEmpty();
    occupancy.change(settled, null);
    assertThat(occupancy.open("acme")).isZero();
  }

  /** After any changes in any order it is what the flights come to. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void changes_sumUpToWhatTheFlightsAre(long seed) {
    Random random = new Random(seed);
    Occupancy occupancy = new Occupancy(STEP);
    Map<Integer, Flight> flights = new HashMap<>();
    for (int i = 0; i < 2_000; i++) {
      int id = random.nextInt(50);
      Flight before = flights.get(id);
      Flight after = before == null || random.nextInt(10) > 0 ? next(before, random) : null;
      occupancy.change(before, after);
      if (after == null) {
        flights.remove(id);
      } else {
        flights.put(id, after);
      }
      for (String tenant : TENANTS) {
        assertThat(occupancy.open(tenant))
            .isEqualTo(
                (int)
                    flights.values().stream()
                        .filter(each -> each.isOpen() && each.facts().tenant().equals(tenant))
                        .count());
      }
      for (String pool : POOLS) {
        assertThat(occupancy.waitingSinceMs(pool)).isEqualTo(oldest(flights, pool));
      }
    }
  }

  private static OptionalLong oldest(Map<Integer, Flight> flights, String pool) {
    return flights.values().stream()
        .filter(each -> each.candidate().pool().equals(pool))
        .flatMap(each ->
            each.state() instanceof Open open ? List.of(open).stream() : List.<Open>of().stream())
        .filter(each -> each.phase() instanceof Queued)
        .mapToLong(each -> each.dispatchedMs() / STEP * STEP)
        .min();
  }

  private static Flight next(@Nullable Flight before, Random random) {
    String tenant =
        before == null ? TENANTS.get(random.nextInt(TENANTS.size())) : before.facts().tenant();
    int link = random.nextInt(POOLS.size());
    long at = random.nextInt(500);
    return flight(
        tenant,
        switch (random.nextInt(5)) {
          case 0 -> new Settled(at, link, 1, null, List.of());
          case 1 -> open(link, at, new Running(at, "w", "x", at));
          case 2 -> open(link, at, new Backoff(at));
          default -> open(link, at, new Queued(at));
        });
  }
}
