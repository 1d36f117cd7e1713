package io.ratatoskr.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Contenders that take turns on the same texts. Each round runs every one of them once on the same
 * slice of the texts, another slice in each round, and begins with another contender each time; a
 * ratio is taken within a round, so that what slows the machine for a while slows both sides of it.
 */
final class Contest implements AutoCloseable {
  private static final int DIMENSIONS = 384;

  private final List<Contender> contenders = new ArrayList<>();
  private final Map<String, double[]> rates = new LinkedHashMap<>();
  private final Map<String, Path> vectors = new LinkedHashMap<>();

  Contest enter(String name, Contender.Start start) {
    contenders.add(Contender.start(name, start));
    return this;
  }

  List<Contender> contenders() {
    return contenders;
  }

  /**
   * Runs the rounds.
   *
   * @param size how many texts the contenders have
   */
  Contest run(int rounds, int size) {
    try {
      Path folder = Files.createDirectories(Home.bench("target/vectors"));
      contenders.forEach(contender -> rates.put(contender.name(), new double[rounds]));
      for (int round = 0; round < rounds; round++) {
        for (int turn = 0; turn < contenders.size(); turn++) {
          Contender contender = contenders.get((turn + round) % contenders.size());
          boolean last = round == rounds - 1;
          Path file = folder.resolve(contenders.indexOf(contender) + ".f32");
          Slice slice = Slice.of(round, rounds, size);
          double rate = last ? contender.run(slice, file) : contender.run(slice);
          if (last) {
            vectors.put(contender.name(), file);
          }
          rates(contender)[round] = rate;
          Report.progress(
              "round %d of %d: %s %s texts/s"
                  .formatted(round + 1, rounds, contender.name(), Report.number(rate)));
        }
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double[] rates(Contender contender) {
    double[] found = rates.get(contender.name());
    if (found == null) {
      throw new IllegalStateException(contender.name() + " has not run");
    }
    return found;
  }

  Samples rate(Contender contender) {
    return new Samples(rates(contender));
  }

  /** Rate of one over the other's, of each round. */
  Samples ratio(Contender one, Contender other) {
    double[] ratios = rates(one).clone();
    double[] under = rates(other);
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] /= under[i];
    }
    return new Samples(ratios);
  }

  double lowestCosine(Contender one, Contender other) {
    Path a = vectors.get(one.name());
    Path b = vectors.get(other.name());
    if (a == null || b == null) {
      throw new IllegalStateException("no vectors yet");
    }
    return Vectors.lowestCosine(a, b, DIMENSIONS);
  }

  double largestDifference(Contender one, Contender other) {
    Path a = vectors.get(one.name());
    Path b = vectors.get(other.name());
    if (a == null || b == null) {
      throw new IllegalStateException("no numbers yet");
    }
    return Vectors.largestDifference(a, b);
  }

  @Override
  public void close() {
    contenders.forEach(Contender::close);
  }
}
